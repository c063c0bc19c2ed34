import { defineTrigger } from '../../gate.ts';
import { defaulted, flag, list, required } from '../../parameter.ts';
import type { VulnerabilityFact } from '../../types.ts';

/** Fires once per rule, naming the listed ids that were matched. */
export const denylist = defineTrigger({
  name: 'denylist',
  description: 'A listed vulnerability was matched, by its id or by an alias of it.',
  artifactTypes: ['image', 'source'],
  parameters: {
    vulnerability_ids: required(list, { description: 'Vulnerability ids.', example: 'CVE-2021-44228,CVE-2022-22965' }),
    vendor_only: defaulted(flag, 'true', {
      description: 'Leave out vulnerabilities that the vendor will not fix.',
      example: 'true',
    }),
  },
  *evaluate({ params, read }) {
    const facts = read('vulnerabilities');
    if (!facts) return;
    const present = presentIds(facts, params.vendor_only);
    const hits = [...new Set(params.vulnerability_ids)].filter((id) => present.has(id)).sort();
    if (hits.length === 0) return;
    yield {
      message: `Denied vulnerabilities found: ${hits.join(', ')}`,
      key: hits.join(','),
      evidence: { vulnerabilities: hits },
    };
  },
});

/** Ids and aliases of one list of facts, with and without what vendors will not fix: policies hold a rule per id. */
const PRESENT = new WeakMap<
  readonly VulnerabilityFact[],
  { all?: ReadonlySet<string>; vendor?: ReadonlySet<string> }
>();

function presentIds(facts: readonly VulnerabilityFact[], vendorOnly: boolean): ReadonlySet<string> {
  const cached = PRESENT.get(facts) ?? {};
  PRESENT.set(facts, cached);
  const name = vendorOnly ? 'vendor' : 'all';
  cached[name] ??= new Set(
    facts
      .filter((fact) => !vendorOnly || !fact.willNotFix)
      .flatMap(({ vulnerability }) => [vulnerability.id, ...vulnerability.aliases]),
  );
  return cached[name];
}
