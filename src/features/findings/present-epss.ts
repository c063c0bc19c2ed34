import type { VulnerabilityDetail, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';

/** Estimates remembered of one index. */
const CAPACITY = 200_000;

type Estimate = VulnerabilityDetail['epss'];

const remembered = new WeakMap<VulnerabilityIndex, Map<string, Estimate>>();

/**
 * A detail with the likelihood of exploitation that the index tells now. It changes every day for nearly everything, so
 * stored facts are not rewritten for it; where the index is absent or silent, what was stored holds.
 */
export function withPresentEpss(
  detail: VulnerabilityDetail,
  index: VulnerabilityIndex | undefined,
): VulnerabilityDetail {
  if (!index) return detail;
  let known = remembered.get(index);
  if (!known) {
    known = new Map();
    remembered.set(index, known);
  }
  const key = `${detail.namespace}\n${detail.id}`;
  if (!known.has(key)) {
    if (known.size >= CAPACITY) known.clear();
    known.set(key, index.detail(detail.id, detail.namespace)?.epss);
  }
  const epss = known.get(key);
  return epss === undefined ? detail : { ...detail, epss };
}
