import type { PolicyFacts, VulnerabilityFact } from '#engine/policy/index.ts';

/** Marks each vulnerability by whether the base image has it in the same package version. */
export function withInheritance(facts: PolicyFacts, base: PolicyFacts): PolicyFacts {
  if (facts.vulnerabilities.state !== 'present' || base.vulnerabilities.state !== 'present') return facts;
  const inherited = new Set(base.vulnerabilities.value.map(identity));
  const value = facts.vulnerabilities.value.map((fact) => ({
    ...fact,
    inheritedFromBase: inherited.has(identity(fact)),
  }));
  return { ...facts, vulnerabilities: { state: 'present', value } };
}

function identity({ vulnerability, package: pkg }: VulnerabilityFact): string {
  return [vulnerability.id, vulnerability.namespace, pkg.type, pkg.name, pkg.version].join('\n');
}
