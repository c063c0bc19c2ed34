import { Paper } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useMemo, useState } from 'react';
import { Failure } from '../states/failure.tsx';
import { Nothing } from '../states/nothing.tsx';
import { Waiting } from '../states/waiting.tsx';
import type { Column, Sort } from './column.ts';
import { useShownColumns } from './shown-columns.ts';
import { TableToolbar } from './table-toolbar.tsx';
import { useRows } from './use-rows.ts';
import { VirtualTable } from './virtual-table.tsx';

/** Rows of one kind: sorted, searched, exported, and drawn only where the reader looks. */
export interface DataTableProps<Row extends object> {
  /** What the table lists, for screen readers and the empty text. */
  label: string;
  columns: readonly Column<Row>[];
  /** Undefined while loading. */
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  error?: unknown;
  retry?: () => void;
  /** Placeholder of the search field; without it there is none. */
  search?: string;
  /** Filters of the page beside the search. */
  filters?: ReactNode;
  /** Shown when nothing is there at all. */
  empty?: ReactNode;
  sort?: Sort;
  /** The server orders the rows: told which order is wanted. */
  onSort?: (sort: Sort) => void;
  onRowClick?: (row: Row) => void;
  /** Told when the last rows come into view. */
  onEnd?: () => void;
  /** Puts rows of the same group under one heading, in the order in which groups first appear. */
  group?: { of: (row: Row) => string; heading: (name: string, rows: readonly Row[]) => ReactNode };
  /** Name of the CSV without ending; without it there is no export. */
  csv?: string;
  /** Rows before the page's own filters, when those took some away. */
  total?: number;
  /** CSS height that the table may take before it scrolls. */
  maxHeight?: string;
  footer?: ReactNode;
  /** Low rows, for small side tables. */
  dense?: boolean;
}

/** The table of every page. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { columns, rows, label, error, onSort } = props;
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 120);
  const [ownSort, setOwnSort] = useState<Sort | undefined>(props.sort);
  const sort = onSort ? props.sort : ownSort;
  const found = useRows({ columns, rows: rows ?? [], search, sort, sorted: onSort !== undefined });
  const shownColumns = useShownColumns(columns);
  const groups = useMemo(() => groupRows(found, props.group?.of), [found, props.group]);
  const toolbar = props.search !== undefined || props.filters !== undefined || props.csv !== undefined;

  function body() {
    if (rows === undefined) {
      if (error) return <Failure error={error} {...(props.retry ? { retry: props.retry } : {})} />;
      return <Waiting what={`Loading ${inSentence(label)}`} />;
    }
    if (found.length === 0) {
      const filtered = search !== '' || (props.total ?? 0) > rows.length;
      if (filtered) return <Nothing title="Nothing matches">Change the search or the filters to see more.</Nothing>;
      return props.empty ?? <Nothing title={`No ${inSentence(label)}`} />;
    }
    return (
      <VirtualTable
        label={label}
        columns={shownColumns}
        groups={groups}
        rowKey={props.rowKey}
        sort={sort}
        onSort={onSort ?? setOwnSort}
        dense={props.dense === true}
        maxHeight={props.maxHeight ?? 'max(26rem, calc(100dvh - 15rem))'}
        {...(props.onRowClick ? { onRowClick: props.onRowClick } : {})}
        {...(props.onEnd ? { onEnd: props.onEnd } : {})}
        {...(props.group ? { heading: props.group.heading } : {})}
      />
    );
  }

  return (
    <div>
      {toolbar ? (
        <TableToolbar
          label={label}
          placeholder={props.search}
          text={text}
          onText={setText}
          filters={props.filters}
          columns={columns}
          rows={found}
          csv={props.csv}
          total={rows === undefined ? undefined : Math.max(props.total ?? 0, rows.length)}
        />
      ) : null}
      <Paper style={{ overflow: 'hidden' }}>{body()}</Paper>
      {props.footer}
    </div>
  );
}

/** A label within a sentence; abbreviations stay as they are. */
function inSentence(label: string): string {
  return /^\p{Lu}{2}/u.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1);
}

/** Rows by group; one nameless group when there are none. */
function groupRows<Row>(rows: readonly Row[], of?: (row: Row) => string): Map<string, Row[]> {
  if (!of) return new Map([['', rows as Row[]]]);
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = of(row);
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  return groups;
}
