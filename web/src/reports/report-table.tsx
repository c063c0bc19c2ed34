import { Button, Group, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { PreparedReport } from '#contract/prepared-reports.ts';
import { cellText } from '#shared/report-table.ts';
import { formatCount } from '../format/number.ts';
import { severityRank } from '../severity/severity.ts';
import { Failure } from '../states/failure.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { CellValue, Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { cellLook, reportCell } from './report-cell.tsx';
import type { ReportLine, useReport } from './use-report.ts';

/** Lines of a report: further pages come as the reader gets to the end. Sorting needs all of them. */
export function ReportTable(props: {
  report: PreparedReport;
  columns: PreparedReport['columns'];
  answer: ReturnType<typeof useReport>;
  filtered: boolean;
  linked: boolean;
}) {
  const { report, answer, filtered, linked } = props;
  const { pages, lines, read, total } = answer;
  const whole = pages.data !== undefined && !pages.hasNextPage;
  const columns = useMemo(
    () => props.columns.map((column, at) => tableColumn(column, at, { sortable: whole, linked })),
    [props.columns, whole, linked],
  );
  const more = () => {
    if (pages.hasNextPage && !pages.isFetching && !pages.isFetchNextPageError) void pages.fetchNextPage();
  };
  return (
    <DataTable
      label={report.title}
      columns={columns}
      rows={lines}
      rowKey={(line) => line.key}
      error={pages.error}
      retry={answer.again}
      onEnd={more}
      maxHeight="max(24rem, calc(100dvh - 13rem))"
      empty={
        filtered ? (
          <Nothing title="Nothing matches">Change the filters to see more.</Nothing>
        ) : (
          <Nothing title="Nothing to report">There are no {report.unit[1]} at the moment.</Nothing>
        )
      }
      footer={
        pages.isFetchNextPageError ? (
          <Failure error={pages.error} retry={() => void pages.fetchNextPage()} />
        ) : pages.hasNextPage ? (
          <Group gap="sm" mt="xs" justify="center">
            <Text size="sm" c="dimmed">
              {formatCount(read)} {total === undefined ? '' : `of ${formatCount(total)} `}
              {report.unit[1]} loaded
            </Text>
            <Button
              variant="default"
              size="xs"
              loading={pages.isFetchingNextPage}
              onClick={() => void pages.fetchNextPage()}
            >
              Load more
            </Button>
          </Group>
        ) : null
      }
    />
  );
}

function tableColumn(
  { path, heading }: PreparedReport['columns'][number],
  at: number,
  { sortable, linked }: { sortable: boolean; linked: boolean },
): Column<ReportLine> {
  const value = ({ cells }: ReportLine): CellValue => {
    const cell = cells[at];
    if (cell === null || cell === undefined) return undefined;
    return typeof cell === 'number' || typeof cell === 'boolean' ? cell : cellText(cell);
  };
  const severity = /(^|\.)severity$/.test(path);
  return {
    id: path,
    title: heading,
    value,
    cell: ({ cells }) => reportCell(path, cells[at], linked),
    sortable,
    ...cellLook(path),
    ...(severity ? { order: (line: ReportLine) => severityRank(String(value(line) ?? '')) } : {}),
  };
}
