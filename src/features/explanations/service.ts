import type { ImageExplanation } from '#contract/windlass-explanations.ts';
import { type ExplainablePackage, explainSource } from '#engine/vulnerabilities/index.ts';
import type { Match, SuppressedMatch, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import {
  buildDates,
  type DatedFinding,
  type ExplainableImage,
  type FindingService,
  type PlacedPackage,
} from '#features/findings/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { badRequest } from '#shared/errors.ts';
import { createLayerSteps } from './layers.ts';
import { type ExplainedEvidence, explainedPackage, explainedRecord, type Overlay } from './view.ts';

export interface ExplanationDependencies {
  database: Database;
  objects: ObjectStore;
  findings: Pick<FindingService, 'explainable'>;
  currentIndex(): VulnerabilityIndex | undefined;
  /**
   * What else lies over the findings of a package, such as annotations and corrections. Asked for the packages that are
   * shown, with all ids of the vulnerability.
   */
  overlays?(
    account: string,
    digest: string,
    about: { vulnerabilities: string[]; package: { name: string; version: string; type: string } },
  ): Promise<Overlay[]>;
}

export type ExplanationService = ReturnType<typeof createExplanationService>;

/** A package of the image with all that is said of it. */
interface Candidate extends ExplainablePackage {
  row: PlacedPackage;
  findings: DatedFinding[];
}

/** Tells why an image has, or has not, a vulnerability. */
export function createExplanationService(deps: ExplanationDependencies) {
  const layerSteps = createLayerSteps(deps.objects);

  return {
    /** Throws 400 without a question, 404 for an image that the account does not have. */
    async explain(
      account: string,
      digest: string,
      question: { vulnerability?: string | undefined; package?: string | undefined },
    ): Promise<ImageExplanation> {
      const vulnerability = question.vulnerability?.trim();
      const name = question.package?.trim();
      if (!vulnerability && !name) throw badRequest('vulnerability or package is needed');
      const index = deps.currentIndex();
      const ids = vulnerability ? namesOf(index, vulnerability) : [];
      const image = await deps.findings.explainable(account, digest, (packages) =>
        vulnerability ? { vulnerabilities: ids } : { packageIds: packageIds(packages, name ?? '') },
      );
      const answer = explainSource(
        { packages: candidates(image), index, settings: image.settings },
        { ...(vulnerability ? { vulnerability } : {}), ...(name ? { package: name } : {}) },
      );
      const shown = answer.packages.map(({ of }) => of);
      const builds = [...new Set(shown.flatMap(({ findings }) => findings.map((row) => row.opened_by_build)))];
      const evidence: ExplainedEvidence = {
        steps: shown.length > 0 ? await layerSteps(image.analysis) : new Map(),
        layers: image.analysis.layer_digests,
        builds: await buildDates(deps.database.db, builds),
        owners: new Map(image.packages.map((row) => [row.document_id, row])),
      };
      return {
        image_digest: digest,
        ...(vulnerability ? { vulnerability } : {}),
        ...(name ? { package: name } : {}),
        verdict: answer.verdict,
        summary: answer.summary,
        ...(index ? { data_built_at: index.builtAt, data_checksum: index.checksum } : {}),
        records: answer.records.map(explainedRecord),
        packages: await Promise.all(
          answer.packages.map(async (explained) =>
            explainedPackage(
              explained,
              evidence,
              (await deps.overlays?.(account, digest, { vulnerabilities: ids, package: explained.of.row })) ?? [],
            ),
          ),
        ),
        considered: answer.considered,
        truncated: answer.truncated,
      };
    },
  };
}

/** All ids that findings of the vulnerability may carry. */
function namesOf(index: VulnerabilityIndex | undefined, id: string): string[] {
  const records = index?.find(id) ?? [];
  return [...new Set([id, id.toUpperCase(), ...records.flatMap((record) => [record.id, ...record.aliases])])];
}

function packageIds(packages: readonly PlacedPackage[], name: string): number[] {
  const wanted = name.toLowerCase();
  return packages
    .filter(
      (row) =>
        row.name.toLowerCase() === wanted ||
        row.matchable.upstreams.some((upstream) => upstream.name.toLowerCase() === wanted),
    )
    .map((row) => row.package_id);
}

function candidates({ packages, findings, owned, suppressed }: ExplainableImage): Candidate[] {
  const byId = new Map(
    packages.map((row): [string, Candidate & { reported: Match[]; suppressed: SuppressedMatch[] }] => [
      row.document_id,
      { id: row.document_id, package: row.matchable, reported: [], suppressed: [], findings: [], row },
    ]),
  );
  for (const row of findings) {
    const candidate = byId.get(row.document_id);
    candidate?.reported.push(row.match);
    candidate?.findings.push(row);
  }
  for (const row of owned) {
    const candidate = byId.get(row.document_id);
    candidate?.suppressed.push({ ...row.match, rule: row.rule, reason: row.reason });
    candidate?.findings.push(row);
  }
  for (const { document_id, match } of suppressed) byId.get(document_id)?.suppressed.push(match);
  return [...byId.values()];
}
