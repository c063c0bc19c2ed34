import {
  type ColumnDef,
  columnFilteringFeature,
  createFilteredRowModel,
  createSortedRowModel,
  globalFilteringFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import { type Column, compareCells, type Sort } from './column.ts';

const features = tableFeatures({
  columnFilteringFeature,
  globalFilteringFeature,
  rowSortingFeature,
  filteredRowModel: createFilteredRowModel(),
  sortedRowModel: createSortedRowModel(),
});

/** Rows that contain every word of the search, in the wanted order. With `sorted`, the server has ordered them already. */
export function useRows<Row extends object>(options: {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  search: string;
  sort: Sort | undefined;
  sorted: boolean;
}): Row[] {
  const { columns, rows, search, sort, sorted } = options;
  const definitions = useMemo(() => columns.map((column) => definition(column)), [columns]);
  const words = useMemo(() => search.toLowerCase().split(/\s+/).filter(Boolean), [search]);
  const text = useMemo(() => searchText(columns), [columns]);
  const table = useTable<typeof features, Row>({
    features,
    columns: definitions,
    data: rows as Row[],
    state: { globalFilter: words, sorting: sort && !sorted ? [{ id: sort.id, desc: sort.descending }] : [] },
    getColumnCanGlobalFilter: (column) => column.id === columns[0]?.id,
    globalFilterFn: (row, _column, wanted: string[]) => {
      const haystack = text(row.original);
      return wanted.every((word) => haystack.includes(word));
    },
    enableSortingRemoval: false,
  });
  const model = table.getRowModel();
  return useMemo(() => model.rows.map((row) => row.original), [model]);
}

function definition<Row extends object>(column: Column<Row>): ColumnDef<typeof features, Row> {
  const value = column.order ?? column.value;
  return {
    id: column.id,
    accessorFn: value,
    sortUndefined: 'last',
    sortFn: (a, b) => compareCells(value(a.original), value(b.original)),
  };
}

/** Everything that a search looks through in a row, in lower case; made once per row. */
function searchText<Row extends object>(columns: readonly Column<Row>[]): (row: Row) => string {
  const known = new WeakMap<Row, string>();
  return (row) => {
    let text = known.get(row);
    if (text === undefined) {
      const values = columns.flatMap((column) => {
        const value = column.searchable === false ? undefined : column.value(row);
        return typeof value === 'string' || (column.searchable && value !== undefined) ? [String(value)] : [];
      });
      text = values.join('\n').toLowerCase();
      known.set(row, text);
    }
    return text;
  };
}
