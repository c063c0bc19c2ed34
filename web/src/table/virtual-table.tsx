import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import type { Column, Sort } from './column.ts';
import { HeaderCell } from './header-cell.tsx';
import classes from './table.module.css';

const ROW_HEIGHT = 44;
const DENSE_ROW_HEIGHT = 32;
const FLEXIBLE_WIDTH = 170;

type Line<Row> = { kind: 'heading'; name: string; rows: readonly Row[] } | { kind: 'row'; row: Row };

/** A real `table` that holds only the rows in view; rows above and below are one empty row each. */
export function VirtualTable<Row>(props: {
  label: string;
  columns: readonly Column<Row>[];
  groups: ReadonlyMap<string, readonly Row[]>;
  rowKey: (row: Row) => string;
  sort: Sort | undefined;
  onSort: (sort: Sort) => void;
  maxHeight: string;
  dense: boolean;
  onRowClick?: (row: Row) => void;
  onEnd?: () => void;
  heading?: (name: string, rows: readonly Row[]) => ReactNode;
}) {
  const { columns, groups, rowKey, sort, heading, onRowClick } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => {
    const all: Line<Row>[] = [];
    for (const [name, rows] of groups) {
      if (heading) all.push({ kind: 'heading', name, rows });
      for (const row of rows) all.push({ kind: 'row', row });
    }
    return all;
  }, [groups, heading]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (props.dense ? DENSE_ROW_HEIGHT : ROW_HEIGHT),
    overscan: 12,
    getItemKey: (index) => {
      const line = lines[index]!;
      return line.kind === 'heading' ? `heading ${line.name}` : rowKey(line.row);
    },
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const atEnd = (items.at(-1)?.index ?? -1) >= lines.length - 1;
  const { onEnd } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once for each end, not for each new function
  useEffect(() => {
    // before anybody scrolls, a short list is all in view
    if (atEnd && (scroller.current?.scrollTop ?? 0) > 0) onEnd?.();
  }, [atEnd, lines.length]);
  const minWidth = columns.reduce((sum, column) => sum + (column.width ?? column.least ?? FLEXIBLE_WIDTH), 0);

  return (
    <section
      ref={scroller}
      className={classes.scroller}
      style={{ maxHeight: props.maxHeight }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={props.label}
    >
      <table className={classes.table} data-dense={props.dense} style={{ minWidth }} aria-rowcount={lines.length + 1}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.id} style={column.width === undefined ? {} : { width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sort={sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 ? <Gap height={above} /> : null}
          {items.map((item) => {
            const line = lines[item.index]!;
            if (line.kind === 'heading') {
              return (
                <tr key={item.key} ref={virtual.measureElement} data-index={item.index} className={classes.heading}>
                  <th scope="rowgroup" colSpan={columns.length}>
                    {heading?.(line.name, line.rows)}
                  </th>
                </tr>
              );
            }
            return (
              <tr
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                aria-rowindex={item.index + 2}
                className={onRowClick ? classes.clickable : undefined}
                onClick={onRowClick ? (event) => opens(event) && onRowClick(line.row) : undefined}
              >
                {columns.map((column) => (
                  <td key={column.id} className={cellClass(column)} data-align={column.align}>
                    {column.cell ? column.cell(line.row) : plain(column, line.row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {below > 0 ? <Gap height={below} /> : null}
        </tbody>
      </table>
    </section>
  );
}

function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden className={classes.gap}>
      <td style={{ height }} />
    </tr>
  );
}

function cellClass<Row>(column: Column<Row>): string {
  return [column.mono ? 'mono' : '', column.wrap ? classes.wrap : classes.cut].filter(Boolean).join(' ');
}

function plain<Row>(column: Column<Row>, row: Row): ReactNode {
  const value = column.value(row);
  const text = value === undefined ? '' : typeof value === 'number' ? value.toLocaleString('en') : String(value);
  return column.wrap ? text : <span title={text}>{text}</span>;
}

/** A click on a link or button, or one that ends a selection of text, is not meant for the row. */
function opens(event: { target: EventTarget }): boolean {
  return !(event.target as Element).closest('a, button, input, label') && String(getSelection() ?? '') === '';
}
