import { Fieldset, JsonInput, Select, Stack, Textarea } from '@mantine/core';
import { PREPARED_REPORTS } from '#contract/prepared-reports.ts';
import { FilterFields } from '../reports/filter-fields.tsx';
import { findReport, shownColumns } from '../reports/report-search.ts';
import type { ScheduleSource } from './schedule-draft.ts';

const OWN = 'own';
const CHOICES = [
  ...PREPARED_REPORTS.map(({ name, title }) => ({ value: name, label: title })),
  { value: OWN, label: 'A query of your own' },
];

/** What a scheduled query asks. */
export function SourceFields(props: {
  source: ScheduleSource;
  global: boolean;
  /** Another report may be chosen. */
  choose: boolean;
  onChange: (source: ScheduleSource) => void;
}) {
  const { source, global, choose, onChange } = props;

  function pick(name: string | null): void {
    if (name === OWN) {
      const document = source.kind === 'report' ? source.asked.report.query : source.document;
      onChange({ kind: 'document', document, variables: '{}' });
      return;
    }
    const report = findReport(name ?? '', global);
    if (report) onChange({ kind: 'report', asked: { report, columns: shownColumns(report, {}), values: {}, global } });
  }

  return (
    <Stack gap="sm">
      {choose ? (
        <Select
          label="Report"
          data={CHOICES}
          value={source.kind === 'report' ? source.asked.report.name : OWN}
          allowDeselect={false}
          onChange={pick}
        />
      ) : null}
      {source.kind === 'report' ? (
        <Fieldset legend={choose ? 'Filters' : source.asked.report.title}>
          <FilterFields
            key={source.asked.report.name}
            report={source.asked.report}
            values={source.asked.values}
            onChange={(values) => onChange({ kind: 'report', asked: { ...source.asked, values } })}
            narrow
          />
        </Fieldset>
      ) : (
        <>
          <Textarea
            label="Query"
            description="A GraphQL document that asks for one report with results."
            required
            autosize
            minRows={4}
            maxRows={16}
            classNames={{ input: 'mono' }}
            value={source.document}
            onChange={(event) => onChange({ ...source, document: event.currentTarget.value })}
          />
          <JsonInput
            label="Variables"
            autosize
            minRows={2}
            maxRows={10}
            value={source.variables}
            onChange={(variables) => onChange({ ...source, variables })}
          />
        </>
      )}
    </Stack>
  );
}
