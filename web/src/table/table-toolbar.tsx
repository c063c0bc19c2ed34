import { Button, Group, Text, TextInput } from '@mantine/core';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { saveFile } from '../api/download.ts';
import { formatCount } from '../format/number.ts';
import type { Column } from './column.ts';
import { toCsv } from './csv.ts';
import classes from './table.module.css';

/** Search, filters, count and export above a table. */
export function TableToolbar<Row>(props: {
  label: string;
  placeholder: string | undefined;
  text: string;
  onText: (text: string) => void;
  filters: ReactNode;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  csv: string | undefined;
  total: number | undefined;
}) {
  const { rows, total, csv } = props;
  return (
    <Group className={classes.toolbar} gap="xs" mb="xs">
      {props.placeholder === undefined ? null : (
        <TextInput
          aria-label={props.placeholder}
          placeholder={props.placeholder}
          type="search"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={props.text}
          onChange={(event) => props.onText(event.currentTarget.value)}
          className={classes.search}
        />
      )}
      {props.filters}
      <Group gap="sm" ml="auto" pl="xs" wrap="nowrap">
        {total === undefined ? null : (
          <Text size="sm" c="dimmed" aria-live="polite" style={{ whiteSpace: 'nowrap' }}>
            {rows.length === total ? formatCount(total) : `${formatCount(rows.length)} of ${formatCount(total)}`}
          </Text>
        )}
        {csv === undefined ? null : (
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            disabled={rows.length === 0}
            onClick={() => saveFile(`${csv}.csv`, new Blob([toCsv(props.columns, rows)], { type: 'text/csv' }))}
          >
            CSV
          </Button>
        )}
      </Group>
    </Group>
  );
}
