import { Group, Pagination, Paper, Stack, Text } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { readApiError } from '#client/api-error.ts';
import { queryResultsOperations } from '#contract/query-results.ts';
import { type ReportResult, windlassReportSchedulesOperations } from '#contract/windlass-report-schedules.ts';
import { cellText, tableLines } from '#shared/report-table.ts';
import { useAccountScope } from '../api/account-scope.ts';
import { client } from '../api/client.ts';
import { useOperation } from '../api/operation-query.ts';
import { formatCount } from '../format/number.ts';
import { formatSize } from '../format/size.ts';
import { formatTime } from '../format/time.ts';
import { cellLook, reportCell } from '../reports/report-cell.tsx';
import classes from '../reports/reports.module.css';
import { PageTitle } from '../shell/page-title.tsx';
import { Answer } from '../states/answer.tsx';
import { Copyable } from '../states/copyable.tsx';
import { Fact, Facts } from '../states/facts.tsx';
import { Nothing } from '../states/nothing.tsx';
import { Notice } from '../states/notice.tsx';
import { DataTable } from '../table/data-table.tsx';
import { ResultDownloads } from './result-downloads.tsx';
import { isUnderway, ResultState } from './result-state.tsx';
import { CancelRun, DeleteRun } from './results-table.tsx';

const route = getRouteApi('/app/reports/results/$result');
const operations = windlassReportSchedulesOperations;

/** A run of a scheduled query with its rows, page by page. */
export function ResultPage() {
  const { result: uuid } = route.useParams();
  const result = useOperation(
    operations.get_report_result,
    { params: { result_uuid: uuid } },
    { every: (data) => (data === undefined || isUnderway(data) ? 1_000 : false) },
  );
  return (
    <Answer of={result} what="Loading the result">
      {(data) => <Result result={data} />}
    </Answer>
  );
}

function Result({ result }: { result: ReportResult }) {
  const navigate = useNavigate();
  const params = { schedule_uuid: result.schedule_uuid };
  const schedule = useOperation(operations.get_report_schedule, { params }, { staleMs: 60_000 });
  const name = schedule.data?.name ?? 'Scheduled query';
  const back = { to: '/reports/schedules/$schedule', params: { schedule: result.schedule_uuid } } as const;
  const { manifest } = result;
  return (
    <>
      <Link {...back} className={classes.back}>
        <IconChevronLeft size={16} aria-hidden />
        {name}
      </Link>
      <PageTitle title={`${name}: result`} about={formatTime(result.created_at)}>
        <ResultDownloads result={result} name={`${name}-${result.created_at}`} />
        {isUnderway(result) ? (
          <CancelRun result={result} />
        ) : (
          <DeleteRun result={result} onDone={() => void navigate(back)} />
        )}
      </PageTitle>
      <Stack gap="md">
        {result.error_message ? (
          <Notice kind="failure" title={result.status === 'cancelled' ? 'The run was cancelled' : 'The run failed'}>
            {result.error_message}
            {result.row_count > 0 ? ' What was read before is below.' : ''}
          </Notice>
        ) : null}
        <Paper p="md">
          <Facts>
            <Fact name="State">
              <ResultState status={result.status} />
            </Fact>
            <Fact name="Rows">
              <span role="status">
                {formatCount(result.row_count)}
                {result.status === 'running' ? ' so far…' : ''}
              </span>
            </Fact>
            <Fact name="As of">{manifest ? formatTime(manifest.as_of) : null}</Fact>
            <Fact name="Finished">{result.finished_at ? formatTime(result.finished_at) : null}</Fact>
            <Fact name="Size">{manifest ? formatSize(manifest.bytes) : null}</Fact>
            <Fact name="Digest of the rows">
              {manifest ? (
                <Copyable value={manifest.digest} label="digest" shown={manifest.digest.slice(0, 19)} />
              ) : null}
            </Fact>
            <Fact name="Rows left out">{manifest?.delta_since ? 'Those of the complete run before' : null}</Fact>
          </Facts>
        </Paper>
        {manifest ? <Rows result={result} manifest={manifest} /> : null}
      </Stack>
    </>
  );
}

function Rows({ result, manifest }: { result: ReportResult; manifest: NonNullable<ReportResult['manifest']> }) {
  const { page = 1 } = route.useSearch();
  const navigate = useNavigate();
  const { account } = useAccountScope();
  const rows = useQuery({
    queryKey: ['report result', account, result.uuid, result.status, page],
    queryFn: ({ signal }) => readResultPage(result, page, account, signal),
    enabled: result.page_count > 0,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (previous) => previous,
  });
  const lines = useMemo(() => {
    const toLines = tableLines(manifest.columns);
    return rows.data?.flatMap((row, at) => toLines(row).map((cells, part) => ({ key: `${at}.${part}`, cells })));
  }, [rows.data, manifest.columns]);
  const columns = useMemo(
    () =>
      manifest.columns.map(({ path, heading }, at) => ({
        id: `${at} ${path}`,
        title: heading,
        value: ({ cells }: { cells: unknown[] }) => cellText(cells[at]) || undefined,
        cell: ({ cells }: { cells: unknown[] }) => reportCell(path, cells[at], result.scope === 'account'),
        sortable: false,
        ...cellLook(path),
      })),
    [manifest.columns, result.scope],
  );
  return (
    <DataTable
      label="Rows of the result"
      columns={columns}
      rows={result.page_count === 0 ? [] : lines}
      rowKey={(line) => line.key}
      error={rows.error}
      retry={() => void rows.refetch()}
      maxHeight="max(24rem, calc(100dvh - 20rem))"
      empty={<Nothing title="The result has no rows" />}
      footer={
        result.page_count > 1 ? (
          <Group justify="center" mt="md" gap="sm">
            <Pagination
              total={result.page_count}
              value={page}
              onChange={(to) =>
                void navigate({
                  to: '/reports/results/$result',
                  params: { result: result.uuid },
                  search: { page: to },
                  replace: true,
                })
              }
              getControlProps={(control) => ({ 'aria-label': `${control} page` })}
              getItemProps={(number) => ({ 'aria-label': `Page ${number}` })}
            />
            <Text size="sm" c="dimmed">
              {formatCount(result.row_count)} rows
            </Text>
          </Group>
        ) : null
      }
    />
  );
}

/** Rows of a page of a result; the contract leaves their form to the query. */
async function readResultPage(
  result: ReportResult,
  page: number,
  account: string | undefined,
  signal: AbortSignal,
): Promise<unknown[]> {
  const operation =
    result.scope === 'global'
      ? queryResultsOperations.get_global_query_result
      : queryResultsOperations.get_query_result;
  const input = { params: { result_uuid: result.uuid }, query: { page } };
  const { url, headers } = client.prepare(operation, input, account === undefined ? {} : { account });
  const response = await fetch(url, { headers, signal, credentials: 'same-origin' });
  if (!response.ok) throw await readApiError(response);
  return ((await response.json()) as { results: unknown[] }).results;
}
