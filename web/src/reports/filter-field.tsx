import { Checkbox, MultiSelect, NumberInput, Select, TextInput } from '@mantine/core';
import type { ReportFilter } from '#contract/report-filters.ts';
import { sentenceCase } from '../format/words.ts';
import type { FilterValue } from './report-search.ts';

const YES_NO = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

const FIELD_ORDER: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

/** The field of a filter, by the type of its variable. */
export function FilterField(props: {
  filter: ReportFilter;
  value: FilterValue | undefined;
  /** What a switch stands at when nothing is said. */
  switched: boolean | undefined;
  onChange: (value: FilterValue | undefined) => void;
}) {
  const { filter, value, switched, onChange } = props;
  const { label, help, type, choices } = filter;
  // the help below keeps fields beside each other on one line
  const named = { label, inputWrapperOrder: FIELD_ORDER, ...(help ? { description: help } : {}) };
  if (choices) {
    const data = choices.map((choice) => ({ value: choice, label: sentenceCase(choice) }));
    if (type.startsWith('['))
      return (
        <MultiSelect
          {...named}
          placeholder={Array.isArray(value) && value.length > 0 ? '' : 'Any'}
          data={data}
          value={Array.isArray(value) ? value : []}
          onChange={(chosen) => onChange(chosen.length > 0 ? chosen : undefined)}
          clearable
        />
      );
    const chosen = typeof value === 'string' ? value : null;
    return (
      <Select
        {...named}
        placeholder="Any"
        data={data}
        value={chosen}
        onChange={(next) => onChange(next ?? undefined)}
        clearable
      />
    );
  }
  if (type === 'Boolean' && switched !== undefined)
    return (
      <Checkbox
        label={label}
        checked={typeof value === 'boolean' ? value : switched}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  if (type === 'Boolean')
    return (
      <Select
        {...named}
        placeholder="Any"
        data={YES_NO}
        value={typeof value === 'boolean' ? String(value) : null}
        onChange={(next) => onChange(next === null ? undefined : next === 'true')}
        clearable
      />
    );
  if (type === 'Int' || type === 'Float')
    return (
      <NumberInput
        {...named}
        placeholder="Any"
        {...(filter.least === undefined ? {} : { min: filter.least })}
        {...(filter.most === undefined ? {} : { max: filter.most })}
        allowDecimal={type === 'Float'}
        step={type === 'Float' ? 0.05 : 1}
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
      />
    );
  const text = typeof value === 'string' ? value : '';
  return (
    <TextInput
      {...named}
      {...(type === 'DateTime' ? { type: 'datetime-local', step: 1 } : { placeholder: 'Any', autoComplete: 'off' })}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}
