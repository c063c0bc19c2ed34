import { IconArrowDown, IconArrowUp, IconSelector } from '@tabler/icons-react';
import type { Column, Sort } from './column.ts';
import classes from './table.module.css';

/** A column's header: a button that orders the rows by it. */
export function HeaderCell<Row>(props: { column: Column<Row>; sort: Sort | undefined; onSort: (sort: Sort) => void }) {
  const { column, sort, onSort } = props;
  const active = sort?.id === column.id;
  const align = column.align;
  if (column.sortable === false) {
    return (
      <th scope="col" data-align={align}>
        <span className={classes.title} data-align={align}>
          {column.title}
        </span>
      </th>
    );
  }
  const descending = active ? !sort.descending : column.descendingFirst === true;
  const Icon = !active ? IconSelector : sort.descending ? IconArrowDown : IconArrowUp;
  const order = active ? (sort.descending ? 'descending' : 'ascending') : 'none';
  return (
    <th scope="col" data-align={align} aria-sort={order}>
      <button
        type="button"
        className={classes.sort}
        data-active={active}
        data-align={align}
        onClick={() => onSort({ id: column.id, descending })}
      >
        <span>{column.title}</span>
        <Icon size={14} aria-hidden />
      </button>
    </th>
  );
}
