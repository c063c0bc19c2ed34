import { Select, TextInput } from '@mantine/core';
import type { TriggerParamSpec } from '#contract/policy-spec.ts';
import { sentenceCase } from '../../format/words.ts';
import { paramKind } from './gates.ts';

/** A parameter of a trigger: a choice where the server names the values, a text otherwise. */
export function ParamField(props: { spec: TriggerParamSpec; value: string; onChange: (value: string) => void }) {
  const { spec, value, onChange } = props;
  const { values, pattern, initial } = paramKind(spec);
  const outdated = spec.state !== undefined && spec.state !== 'active';
  if (outdated && value === '') return null;
  const common = {
    label: sentenceCase(spec.name ?? '') + (outdated ? ' (outdated)' : ''),
    required: spec.required === true,
    ...(spec.description ? { description: spec.description } : {}),
  };
  if (values) {
    return (
      <Select
        {...common}
        data={value && !values.includes(value) ? [...values, value] : values}
        placeholder={initial ?? 'Not set'}
        value={value || null}
        clearable={spec.required !== true}
        onChange={(next) => onChange(next ?? '')}
      />
    );
  }
  return (
    <TextInput
      {...common}
      placeholder={initial ?? (spec.example ? `e.g. ${spec.example}` : '')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...(pattern ? { pattern: pattern.replace(/^\^|\$$/g, '') } : {})}
    />
  );
}
