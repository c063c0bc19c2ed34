import { Anchor, Button, Group, Title } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import {
  type ReportResult,
  type ReportSchedule,
  windlassReportSchedulesOperations,
} from '#contract/windlass-report-schedules.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { formatDuration, formatTime } from '../format/time.ts';
import { announceError } from '../states/announce.ts';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { Pager } from '../table/pager.tsx';
import { ResultDownloads } from './result-downloads.tsx';
import { isUnderway, ResultState } from './result-state.tsx';

const operations = windlassReportSchedulesOperations;
const LIMIT = 50;

function columns(schedule: ReportSchedule): Column<ReportResult>[] {
  return [
    {
      id: 'created',
      title: 'Run',
      least: 190,
      value: ({ created_at }) => created_at,
      cell: ({ uuid, created_at }) => (
        <Anchor
          size="sm"
          fw={600}
          renderRoot={(props) => <Link to="/reports/results/$result" params={{ result: uuid }} {...props} />}
        >
          {formatTime(created_at)}
        </Anchor>
      ),
    },
    {
      id: 'status',
      title: 'State',
      width: 116,
      value: ({ status }) => status,
      cell: (result) => <ResultState status={result.status} />,
    },
    { id: 'rows', title: 'Rows', width: 96, align: 'right', from: 480, value: ({ row_count }) => row_count },
    {
      id: 'took',
      title: 'Took',
      width: 104,
      from: 900,
      align: 'right',
      value: took,
      cell: (result) => {
        const time = took(result);
        return time === undefined ? '' : formatDuration(time);
      },
    },
    {
      id: 'cause',
      title: 'Begun by',
      width: 140,
      from: 1000,
      value: ({ cause, requested_by }) => (cause === 'schedule' ? 'the schedule' : (requested_by ?? 'request')),
    },
    {
      id: 'error',
      title: 'Reason',
      least: 160,
      from: 1200,
      value: ({ error_message }) => error_message ?? undefined,
    },
    {
      id: 'actions',
      title: 'Actions',
      width: 236,
      from: 700,
      align: 'right',
      sortable: false,
      value: () => undefined,
      cell: (result) => <Actions result={result} schedule={schedule} />,
    },
  ];
}

/** Milliseconds that a run took; of one that still goes on, so far. */
function took({ started_at, finished_at }: ReportResult): number | undefined {
  if (started_at === null) return undefined;
  return (finished_at === null ? Date.now() : Date.parse(finished_at)) - Date.parse(started_at);
}

/** Runs of a scheduled query, the newest first; those that go on are watched. */
export function ResultsTable({ schedule }: { schedule: ReportSchedule }) {
  const navigate = useNavigate();
  const [tokens, setTokens] = useState<readonly string[]>([]);
  const token = tokens.at(-1);
  const results = useOperation(
    operations.list_report_results,
    {
      query: {
        schedule_uuid: schedule.uuid,
        limit: LIMIT,
        ...(schedule.scope === 'global' ? { scope: 'global' as const } : {}),
        ...(token ? { next_token: token } : {}),
      },
    },
    { keepPrevious: true, every: (data) => (data?.items.some(isUnderway) ? 1_000 : 30_000) },
  );
  const shown = useMemo(() => columns(schedule), [schedule]);
  const next = results.data?.next_token;
  return (
    <section aria-label="Runs">
      <Title order={2} size="h4" mb="xs">
        Runs
      </Title>
      <DataTable
        label="Runs"
        columns={shown}
        rows={results.data?.items}
        rowKey={({ uuid }) => uuid}
        error={results.error}
        retry={() => void results.refetch()}
        sort={{ id: 'created', descending: true }}
        onRowClick={({ uuid }) => void navigate({ to: '/reports/results/$result', params: { result: uuid } })}
        maxHeight="max(20rem, calc(100dvh - 24rem))"
        empty={<Nothing title="It has not run yet">Run it now, or wait for its time.</Nothing>}
        footer={
          <Pager
            page={tokens.length + 1}
            more={Boolean(next)}
            onPage={(page) => setTokens(page <= tokens.length ? tokens.slice(0, page - 1) : [...tokens, next!])}
          />
        }
      />
    </section>
  );
}

function Actions({ result, schedule }: { result: ReportResult; schedule: ReportSchedule }) {
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <ResultDownloads result={result} name={`${schedule.name}-${result.created_at}`} size="xs" />
      {isUnderway(result) ? <CancelRun result={result} /> : <DeleteRun result={result} />}
    </Group>
  );
}

/** Ends a run that waits or goes on. */
export function CancelRun({ result }: { result: ReportResult }) {
  const cancel = useAction(operations.cancel_report_result, {
    refreshes: [operations.list_report_results, operations.get_report_result],
  });
  return (
    <Button
      size="xs"
      variant="default"
      loading={cancel.isPending}
      aria-label={`Cancel the run of ${formatTime(result.created_at)}`}
      onClick={() => cancel.mutate({ params: { result_uuid: result.uuid } }, { onError: announceError })}
    >
      Cancel
    </Button>
  );
}

/** Removes a run that has ended. */
export function DeleteRun({ result, onDone }: { result: ReportResult; onDone?: () => void }) {
  const remove = useAction(operations.delete_report_result, {
    refreshes: [operations.list_report_results],
    ...(onDone ? { onDone } : {}),
  });
  return (
    <ConfirmButton
      size="xs"
      label="Delete"
      name={`Delete the run of ${formatTime(result.created_at)}`}
      title="Delete this run?"
      confirm="Delete"
      action={remove}
      onConfirm={(close) => remove.mutate({ params: { result_uuid: result.uuid } }, { onSuccess: close })}
    >
      Its result is deleted with it.
    </ConfirmButton>
  );
}
