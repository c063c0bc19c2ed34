import { Button, Collapse, Fieldset, SimpleGrid, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import type { PreparedReport } from '#contract/prepared-reports.ts';
import { type ReportFilterName, reportFilter } from '#contract/report-filters.ts';
import { FilterField } from './filter-field.tsx';
import { type FilterValues, reportVariables, switchedBy } from './report-search.ts';

/** Filters that are always in sight, when the report has them. */
const FIRST: readonly ReportFilterName[] = [
  'account',
  'id',
  'severity',
  'result',
  'reason',
  'metric',
  'package',
  'registry',
  'repository',
  'tag',
  'context',
  'cluster',
  'namespace',
  'clusterArn',
  'last',
];

/** The filters of a report: the usual ones, and all others behind a button. */
export function FilterFields(props: {
  report: PreparedReport;
  values: FilterValues;
  onChange: (values: FilterValues) => void;
  /** Fewer fields beside each other, for dialogs. */
  narrow?: boolean;
}) {
  const { report, values, onChange, narrow = false } = props;
  const beside = narrow ? { base: 2, md: 3 } : { base: 2, sm: 3, lg: 6 };
  const first = report.filters.filter((name) => FIRST.includes(name));
  const others = report.filters.filter((name) => !FIRST.includes(name));
  const groups = [...new Set(others.map((name) => reportFilter(name).group))];
  const set = Object.keys(reportVariables(report, values)).filter((name) => others.includes(name as ReportFilterName));
  const [open, { toggle }] = useDisclosure(set.length > 0);
  const field = (name: ReportFilterName) => (
    <FilterField
      key={name}
      filter={reportFilter(name)}
      value={values[name]}
      switched={switchedBy(report, name)}
      onChange={(value) => {
        const { [name]: _, ...rest } = values;
        onChange(value === undefined ? rest : { ...rest, [name]: value });
      }}
    />
  );
  return (
    <Stack gap="sm">
      <SimpleGrid cols={beside} spacing="sm" verticalSpacing="sm">
        {first.map(field)}
      </SimpleGrid>
      {others.length > 0 ? (
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconAdjustmentsHorizontal size={15} aria-hidden />}
            aria-expanded={open}
            onClick={toggle}
          >
            {open ? 'Fewer filters' : 'More filters'}
            {set.length > 0 ? ` (${set.length} set)` : ''}
          </Button>
        </div>
      ) : null}
      <Collapse expanded={open}>
        <Stack gap="sm">
          {groups.map((group) => (
            <Fieldset key={group} legend={group}>
              <SimpleGrid cols={beside} spacing="sm" verticalSpacing="sm">
                {others.filter((name) => reportFilter(name).group === group).map(field)}
              </SimpleGrid>
            </Fieldset>
          ))}
        </Stack>
      </Collapse>
    </Stack>
  );
}
