import { setImmediate } from 'node:timers/promises';
import type { SBOMVulnerabilitiesResponse, ScanRequest, ScanResponse } from '#contract/scan.ts';
import {
  compilePolicy,
  evaluate,
  evaluateBroken,
  normalizeReference,
  type PolicyDocument,
  scanFacts,
  toEvaluationResult,
} from '#engine/policy/index.ts';
import { SCHEMES } from '#engine/versions/registry.ts';
import { findVulnerabilitiesGently, type SourceFinding, type SourceFindings } from '#engine/vulnerabilities/index.ts';
import type { MatchSettings, VulnerabilityDetail, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import { cvesOf, vulnerabilityRow } from '#features/findings/index.ts';
import { apiPackageType, packagePath } from '#features/images/index.ts';
import type { PolicyService } from '#features/policies/index.ts';
import { AppError, badRequest, notFound } from '#shared/errors.ts';
import { submittedEvidence } from './submitted-evidence.ts';
import { type SubmittedSbom, submittedSbom } from './submitted-sbom.ts';

export interface ScanDependencies {
  policies: Pick<PolicyService, 'get' | 'active'>;
  currentIndex(): VulnerabilityIndex | undefined;
  settings: MatchSettings;
  now?(): Date;
}

export type ScanService = ReturnType<typeof createScanService>;

const NAMING = { apiPackageType, packagePath };

/** Scans that run at once; each holds its document and findings in memory. */
const AT_ONCE = 2;
/** Scans that wait for their turn; beyond that the client is asked to come back. */
const WAITING = 32;

/** Scans of SBOMs that leave nothing behind: no rows, no events. */
export function createScanService(deps: ScanDependencies) {
  const now = deps.now ?? (() => new Date());
  const turn = createTurns(AT_ONCE, WAITING);

  function currentIndex(): VulnerabilityIndex {
    const index = deps.currentIndex();
    // An empty answer would look like a clean one.
    if (!index) throw new AppError(503, 'no vulnerability data is loaded yet: nothing can be said of the SBOM');
    return index;
  }

  function find({ analysis }: SubmittedSbom, index: VulnerabilityIndex, signal: AbortSignal): Promise<SourceFindings> {
    const settings = { ...deps.settings, now: now().toISOString() };
    return findVulnerabilitiesGently(analysis, index, settings, async () => {
      await setImmediate();
      signal.throwIfAborted();
    });
  }

  return {
    /** Known vulnerabilities of an SBOM. Throws 400 for a document that is none, 503 without data. */
    async vulnerabilities(
      document: Record<string, unknown>,
      options: { extendedSupport?: boolean | undefined; description: boolean; signal: AbortSignal },
    ): Promise<SBOMVulnerabilitiesResponse> {
      const index = currentIndex();
      return turn(async () => {
        const sbom = submittedSbom(document, options.extendedSupport);
        const found = await find(sbom, index, options.signal);
        return vulnerabilityAnswer(sbom, found.findings, index, options.description, now());
      });
    },

    /** Vulnerabilities of a native SBOM and the verdict of a policy. Throws 400, 404 for an unknown policy, 503. */
    async scan(
      account: string,
      request: ScanRequest,
      options: {
        tag: string;
        policyId?: string | undefined;
        extendedSupport?: boolean | undefined;
        signal: AbortSignal;
      },
    ): Promise<ScanResponse> {
      if (!request.sbom) throw badRequest("'sbom' is a required property");
      const tag = normalizeReference(options.tag);
      if (tag === undefined) throw badRequest(`tag is neither a tag nor a reference by digest: ${options.tag}`);
      const policy =
        options.policyId === undefined
          ? await deps.policies.active(account)
          : await deps.policies.get(account, options.policyId);
      if (!policy) throw notFound('the account has no active policy');
      const index = currentIndex();
      const document = policy.document as unknown as PolicyDocument;
      const { sbom: sent } = request;
      return turn(async () => {
        const sbom = submittedSbom(sent, options.extendedSupport);
        const analysis = { ...sbom.analysis, ...submittedEvidence(request) };
        const found = await find(sbom, index, options.signal);
        const at = now();
        const { policy: plan, problems } = compilePolicy(document, { eol: 'tolerate' });
        const digest = analysis.image?.manifestDigest ?? '';
        const target = { imageDigest: digest, imageId: (analysis.image?.imageId ?? '').replace(/^sha256:/, ''), tag };
        const evaluation = plan
          ? evaluate(plan, target, scanFacts(analysis, found, index), at, { versions: (name) => SCHEMES[name] })
          : evaluateBroken(problems, at);
        return {
          vuln_scan: vulnerabilityAnswer(sbom, found.findings, index, false, at),
          policy_scan: {
            policy_id: policy.policy_id,
            ...(digest ? { image_digest: digest } : {}),
            evaluated_tag: tag,
            evaluations: [toEvaluationResult(evaluation, document)],
          },
        };
      });
    },
  };
}

function vulnerabilityAnswer(
  { id, extendedSupport }: SubmittedSbom,
  findings: readonly SourceFinding[],
  index: VulnerabilityIndex,
  description: boolean,
  at: Date,
): SBOMVulnerabilitiesResponse {
  const nvd = new Map<string, VulnerabilityDetail>();
  for (const detail of new Set(findings.map((finding) => finding.detail))) {
    for (const cve of cvesOf(detail)) {
      const record = nvd.has(cve) ? undefined : index.detail(cve, 'nvd:cpe');
      if (record) nvd.set(cve, record);
    }
  }
  return {
    sbom_id: id,
    extended_support: extendedSupport,
    vulnerabilities: [...findings].sort(byIdAndPackage).map(({ package: pkg, match, detail }) =>
      vulnerabilityRow(
        {
          package_id: 0,
          document_id: pkg.id,
          path: pkg.locations[0]?.path ?? '',
          layer: pkg.locations[0]?.layer ?? null,
          owned_by: pkg.ownedBy ?? null,
          type: pkg.type,
          name: pkg.name,
          version: pkg.version,
          purl: pkg.purl ?? null,
          match,
          detail,
          first_seen_at: at,
          fix_observed_at: fixDate(match.fix.available),
        },
        nvd,
        NAMING,
        { description },
      ),
    ),
  };
}

function fixDate(available: string | undefined): Date | null {
  const date = available === undefined ? undefined : new Date(available);
  return date && !Number.isNaN(date.getTime()) ? date : null;
}

function byIdAndPackage(a: SourceFinding, b: SourceFinding): number {
  return (
    compare(a.match.vulnerability, b.match.vulnerability) ||
    compare(a.package.name, b.package.name) ||
    compare(a.package.version, b.package.version) ||
    compare(a.package.id, b.package.id) ||
    compare(a.match.namespace, b.match.namespace)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Lets `atOnce` callers work and `waiting` wait; others get 503. */
function createTurns(atOnce: number, waiting: number) {
  let active = 0;
  const queue: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (active >= atOnce) {
      if (queue.length >= waiting)
        throw new AppError(503, 'too many scans at once: try again', { headers: { 'retry-after': '5' } });
      await new Promise<void>((resolve) => queue.push(resolve));
    } else active += 1;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else active -= 1;
    }
  };
}
