import { defineTrigger } from '../../gate.ts';
import { vulnerabilityEvidence, vulnerabilityTriggerId } from './vulnerability-label.ts';

/** Fires once per match whose vulnerability is known to be exploited. */
export const kevList = defineTrigger({
  name: 'kev_list',
  description: 'A vulnerability of an installed package is in the CISA catalogue of known exploited vulnerabilities.',
  artifactTypes: ['image', 'source'],
  parameters: {},
  *evaluate({ read }) {
    for (const fact of read('vulnerabilities') ?? []) {
      const { kev, id } = fact.vulnerability;
      if (!kev) continue;
      const { name, version, purl } = fact.package;
      yield {
        message: `Known exploited vulnerability ${id} in package ${name} ${version}${kev.dueDate ? `; fix was due ${kev.dueDate}` : ''}`,
        key: `${id}+${purl ?? `${name}@${version}`}`,
        triggerId: vulnerabilityTriggerId(fact),
        evidence: { ...vulnerabilityEvidence(fact), kev },
      };
    }
  },
});
