import { applyOwnership } from '#engine/vulnerabilities/index.ts';
import type { MatchSettings, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { CoveredPackage, FindingRow } from './finding-store.ts';

/** Why an OS package answers for a finding. */
export interface OwnershipReason {
  rule: 'fixed-by-distro' | 'owned-by-os-package';
  reason: string;
}

/** A finding that an OS package answers for. */
export type OwnedFinding = FindingRow & OwnershipReason;

/** Takes findings away that the distribution answers for, by the engine's rule; both parts together are the input. */
export function splitByOwnership<F extends Pick<FindingRow, 'document_id' | 'match'>>(
  findings: F[],
  packages: CoveredPackage[],
  context: { index: VulnerabilityIndex | undefined; settings: MatchSettings },
): { findings: F[]; owned: (F & OwnershipReason)[] } {
  const { index, settings } = context;
  const byDocument = new Map(packages.map((pkg) => [pkg.document_id, pkg]));
  const matches = new Map<string, FindingRow['match'][]>();
  for (const { document_id, match } of findings) {
    // What is left to its owner as a whole was decided when the analysis was stored.
    if (byDocument.get(document_id)?.left_to_owner) continue;
    matches.set(document_id, [...(matches.get(document_id) ?? []), match]);
  }
  const { suppressed } = applyOwnership({
    packages: packages.map(({ document_id, type, name, version, owned_by }) => ({
      id: document_id,
      type,
      name,
      version,
      ...(owned_by ? { ownedBy: owned_by } : {}),
    })),
    relationships: [],
    matches,
    ruledOut: (id) => {
      const owner = byDocument.get(id);
      return (owner && index?.ruledOut(owner.matchable, settings)) ?? new Set();
    },
  });
  const taken = new Map<string, { rule: OwnedFinding['rule']; reason: string }>();
  for (const [id, rows] of suppressed) {
    for (const { vulnerability, namespace, rule, reason } of rows) {
      taken.set(`${id} ${namespace} ${vulnerability}`, { rule: rule as OwnedFinding['rule'], reason });
    }
  }
  const split = { findings: [] as F[], owned: [] as (F & OwnershipReason)[] };
  for (const finding of findings) {
    const pkg = byDocument.get(finding.document_id);
    const by = pkg?.left_to_owner
      ? { rule: 'owned-by-os-package' as const, reason: leftReason(pkg, byDocument.get(pkg.owned_by ?? '')) }
      : taken.get(`${finding.document_id} ${finding.match.namespace} ${finding.match.vulnerability}`);
    if (by) split.owned.push({ ...finding, ...by });
    else split.findings.push(finding);
  }
  return split;
}

function leftReason(pkg: CoveredPackage, owner: CoveredPackage | undefined): string {
  const name = owner ? `${owner.type} package ${owner.name} ${owner.version}` : 'package of the distribution';
  return `${pkg.name} belongs to the ${name}, for which the distribution's own advisories are used`;
}
