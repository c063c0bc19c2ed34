import { useViewportSize } from '@mantine/hooks';
import { useMemo } from 'react';
import type { Column } from './column.ts';

/** The columns that the page has room for. */
export function useShownColumns<Row>(columns: readonly Column<Row>[]): Column<Row>[] {
  const { width } = useViewportSize();
  const limits = columns.map((column) => (column.from ?? 0) <= (width || window.innerWidth)).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the width matters only where it crosses a limit
  return useMemo(
    () => columns.filter((column) => (column.from ?? 0) <= (width || window.innerWidth)),
    [columns, limits],
  );
}
