import { Checkbox, MultiSelect, Select } from '@mantine/core';
import { SEVERITIES, type Severity } from '../../severity/severity.ts';
import type { FixState, VulnerabilitiesSearch } from './vulnerabilities-search.ts';

const FIXES: { value: FixState; label: string }[] = [
  { value: 'fixed', label: 'Fix available' },
  { value: 'none', label: 'No fix yet' },
  { value: 'wont-fix', label: "Won't be fixed" },
];

/** Filters of the vulnerabilities by severity, fix, kind of package and exploitation. */
export function FindingFilters(props: {
  search: VulnerabilitiesSearch;
  types: string[];
  /** Findings said to be fixed, or not to affect the image. */
  settled: number;
  onChange: (next: VulnerabilitiesSearch) => void;
}) {
  const { search, types, settled } = props;
  function change<K extends keyof VulnerabilitiesSearch>(name: K, value: VulnerabilitiesSearch[K] | undefined): void {
    const { [name]: _, ...rest } = search;
    props.onChange(value === undefined ? rest : { ...rest, [name]: value });
  }
  return (
    <>
      <MultiSelect
        aria-label="Severity"
        placeholder={search.severity?.length ? '' : 'Any severity'}
        data={[...SEVERITIES]}
        value={search.severity ?? []}
        onChange={(value) => change('severity', value.length ? (value as Severity[]) : undefined)}
        clearable
        w={search.severity?.length ? 300 : 150}
      />
      <Select
        aria-label="Fix"
        placeholder="Any fix state"
        data={FIXES}
        value={search.fix ?? null}
        onChange={(value) => change('fix', (value as FixState | null) ?? undefined)}
        clearable
        w={150}
      />
      <Select
        aria-label="Package type"
        placeholder="Any type"
        data={types}
        value={search.type ?? null}
        onChange={(value) => change('type', value ?? undefined)}
        clearable
        w={130}
      />
      <Checkbox
        label="Known exploited"
        checked={search.kev === true}
        onChange={(event) => change('kev', event.currentTarget.checked ? true : undefined)}
      />
      {settled > 0 || search.settled ? (
        <Checkbox
          label={`Not affected and fixed (${settled})`}
          checked={search.settled === true}
          onChange={(event) => change('settled', event.currentTarget.checked ? true : undefined)}
        />
      ) : null}
    </>
  );
}
