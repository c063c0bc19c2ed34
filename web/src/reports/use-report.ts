import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { PreparedReport } from '#contract/prepared-reports.ts';
import { tableLines } from '#shared/report-table.ts';
import { type ReportPage, type ReportQuestion, runReport } from '../api/run-report.ts';

const PAGE_ROWS = 500;

/** A line of a report's table. */
export interface ReportLine {
  key: string;
  cells: unknown[];
}

/** Reads a report page by page, and how long it is. */
export function useReport(question: ReportQuestion, columns: PreparedReport['columns']) {
  const key = ['report', question] as const;
  const pages = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => {
      const variables = { ...question.variables, limit: PAGE_ROWS, ...(pageParam ? { nextToken: pageParam } : {}) };
      return runReport({ ...question, variables }, signal);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: ReportPage) => page.nextToken,
    // a page of a list belongs to the one before it: all are read anew, or none
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const length = useQuery({
    queryKey: [...key, 'length'],
    queryFn: ({ signal }) =>
      runReport({ ...question, variables: { ...question.variables, limit: 1, total: true } }, signal),
    enabled: pages.hasNextPage,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const list = pages.data?.pages;
  const lines = useMemo(() => {
    const toLines = tableLines(columns);
    return list?.flatMap(({ rows }, page) =>
      rows.flatMap((row, at) =>
        toLines(row).map((cells, part): ReportLine => ({ key: `${page}.${at}.${part}`, cells })),
      ),
    );
  }, [list, columns]);
  const read = list?.reduce((sum, { count }) => sum + count, 0) ?? 0;
  return {
    lines,
    /** How much of what the list counts was read; it may be several lines each. */
    read,
    /** Length of the whole list; undefined until it is known. */
    total: pages.hasNextPage ? length.data?.total : list && read,
    asOf: list?.[0]?.asOf,
    pages,
    again: () => void Promise.all([pages.refetch(), pages.hasNextPage ? length.refetch() : undefined]),
  };
}
