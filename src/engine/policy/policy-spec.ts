import type { Gate, SpecState, Trigger } from './gate.ts';
import { GATES } from './gates/registry.ts';

/** `TriggerParamSpec` of the V2 API. */
export interface TriggerParamSpec {
  name: string;
  description: string;
  example: string | null;
  state: SpecState;
  superseded_by: string | null;
  required: boolean;
  /** JSON Schema terms; `default` is the value used when the parameter is absent. */
  validator: Record<string, unknown>;
}

/** `TriggerSpec` of the V2 API. */
export interface TriggerSpec {
  name: string;
  description: string;
  state: SpecState;
  superseded_by: string | null;
  parameters: TriggerParamSpec[];
}

/** `GateSpec` of the V2 API. */
export interface GateSpec {
  name: string;
  description: string;
  supported_artifact_type: 'image' | 'source';
  state: SpecState;
  superseded_by: string | null;
  triggers: TriggerSpec[];
}

/** What the engine can judge, from the same tables that validation and evaluation use. */
export function policySpec(): GateSpec[] {
  return GATES.map(gateSpec);
}

function gateSpec(gate: Gate): GateSpec {
  return {
    name: gate.name,
    description: gate.description,
    supported_artifact_type: 'image',
    state: gate.state,
    superseded_by: gate.supersededBy ?? null,
    triggers: gate.triggers.map(triggerSpec),
  };
}

function triggerSpec(trigger: Trigger): TriggerSpec {
  return {
    name: trigger.name,
    description: trigger.description,
    state: trigger.state,
    superseded_by: trigger.supersededBy ?? null,
    parameters: Object.entries(trigger.parameters).map(([name, parameter]) => ({
      name,
      description: parameter.description,
      example: parameter.example ?? null,
      state: parameter.state,
      superseded_by: null,
      required: parameter.required,
      validator:
        parameter.default === undefined ? parameter.validator : { ...parameter.validator, default: parameter.default },
    })),
  };
}
