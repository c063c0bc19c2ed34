import { Button, Checkbox, Popover, ScrollArea, Stack } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import type { PreparedReport } from '#contract/prepared-reports.ts';

/** Which columns the table has; the last one cannot be taken away. */
export function ColumnChoice(props: {
  report: PreparedReport;
  shown: PreparedReport['columns'];
  onChange: (paths: string[] | undefined) => void;
}) {
  const { report, shown, onChange } = props;
  const paths = shown.map(({ path }) => path);
  return (
    <Popover position="bottom-end" withinPortal shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} aria-hidden />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <ScrollArea.Autosize mah="min(26rem, 60dvh)" type="auto" offsetScrollbars>
          <Checkbox.Group label="Columns" value={paths} onChange={(next) => next.length > 0 && onChange(next)}>
            <Stack gap={6} mt="xs" miw={200}>
              {report.columns.map(({ path, heading }) => (
                <Checkbox key={path} value={path} label={heading} disabled={paths.length === 1 && paths[0] === path} />
              ))}
            </Stack>
          </Checkbox.Group>
        </ScrollArea.Autosize>
        <Button variant="subtle" size="compact-sm" mt="sm" onClick={() => onChange(undefined)}>
          Usual columns
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
