import { type GateSpec, policySpecOperations, type TriggerParamSpec, type TriggerSpec } from '#contract/policy-spec.ts';
import { useOperation } from '../../api/operation-query.ts';
import { sentenceCase } from '../../format/words.ts';

/** Gates, their triggers and parameters, as the server knows them. */
export function useGates(): GateSpec[] | undefined {
  return useOperation(policySpecOperations.describe_policy, {}, { staleMs: 600_000 }).data;
}

/** Gates to choose from; outdated ones are left out unless chosen already. */
export function gateChoices(gates: readonly GateSpec[], chosen: string): { value: string; label: string }[] {
  return choices(gates, chosen);
}

/** Triggers of a gate to choose from. */
export function triggerChoices(gate: GateSpec | undefined, chosen: string): { value: string; label: string }[] {
  return choices(gate?.triggers ?? [], chosen);
}

function choices(list: readonly (GateSpec | TriggerSpec)[], chosen: string): { value: string; label: string }[] {
  const known = list
    .filter(({ state, name }) => state === 'active' || name === chosen)
    .map(({ name = '' }) => ({ value: name, label: sentenceCase(name) }));
  return chosen && !known.some(({ value }) => value === chosen)
    ? [...known, { value: chosen, label: `${sentenceCase(chosen)} (unknown)` }]
    : known;
}

/** What a parameter takes. */
export function paramKind(spec: TriggerParamSpec): { values?: string[]; pattern?: string; initial?: string } {
  const { enum: values, pattern, default: initial } = spec.validator ?? {};
  return {
    ...(Array.isArray(values) ? { values: values.map(String) } : {}),
    ...(typeof pattern === 'string' ? { pattern } : {}),
    ...(typeof initial === 'string' ? { initial } : {}),
  };
}
