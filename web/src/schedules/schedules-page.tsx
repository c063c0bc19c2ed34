import { Anchor, Button, SegmentedControl, Switch } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type ReportSchedule, windlassReportSchedulesOperations } from '#contract/windlass-report-schedules.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { ReportLinks } from '../reports/report-links.tsx';
import { findReport, shownColumns } from '../reports/report-search.ts';
import { useSession } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { announceError } from '../states/announce.ts';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { previewSchedule } from './cron-words.ts';
import { ScheduleDialog } from './schedule-dialog.tsx';

const route = getRouteApi('/app/reports/schedules');
const operations = windlassReportSchedulesOperations;

/** A schedule in words with its zone. */
export function scheduleInWords({ cron_schedule: cron, time_zone: zone }: ReportSchedule): string {
  const preview = previewSchedule(cron, zone, new Date(), 1);
  return 'words' in preview ? `${preview.words} (${zone})` : `${cron} (${zone})`;
}

function columns(enabled: (schedule: ReportSchedule) => React.ReactNode): Column<ReportSchedule>[] {
  return [
    {
      id: 'name',
      title: 'Scheduled query',
      least: 190,
      value: ({ name }) => name,
      cell: ({ uuid, name }) => (
        <Anchor
          size="sm"
          fw={600}
          renderRoot={(props) => <Link to="/reports/schedules/$schedule" params={{ schedule: uuid }} {...props} />}
        >
          {name}
        </Anchor>
      ),
    },
    { id: 'when', title: 'When', least: 220, from: 760, wrap: true, value: scheduleInWords },
    {
      id: 'last',
      title: 'Last run',
      width: 120,
      from: 900,
      value: (schedule) => schedule.last_executed_at ?? undefined,
      cell: ({ last_executed_at: time }) => (time ? <Ago time={time} /> : 'Never'),
      descendingFirst: true,
    },
    {
      id: 'next',
      title: 'Next run',
      width: 120,
      from: 560,
      value: (schedule) => schedule.next_execution_at ?? undefined,
      cell: ({ next_execution_at: time }) => (time ? <Ago time={time} /> : '—'),
    },
    { id: 'by', title: 'By', width: 120, from: 1100, value: (schedule) => schedule.created_by ?? undefined },
    {
      id: 'enabled',
      title: 'On',
      width: 84,
      value: (schedule) => schedule.enabled,
      cell: enabled,
    },
  ];
}

/** Stored queries that run by a schedule. */
export function SchedulesPage() {
  const { scope } = route.useSearch();
  const { is_admin, scope_account } = useSession();
  const navigate = useNavigate();
  const global = is_admin && scope === 'global';
  const [adding, dialog] = useDisclosure(false);
  const schedules = useOperation(
    operations.list_report_schedules,
    { query: global ? { scope: 'global' } : {} },
    { keepPrevious: true, every: () => 30_000 },
  );
  const update = useAction(operations.update_report_schedule, { refreshes: [operations.list_report_schedules] });
  const { mutate } = update;
  const shown = useMemo(
    () =>
      columns((schedule) => (
        <Switch
          aria-label={`${schedule.name} runs by its schedule`}
          checked={schedule.enabled}
          onChange={(event) =>
            mutate(
              { params: { schedule_uuid: schedule.uuid }, body: { enabled: event.currentTarget.checked } },
              { onError: announceError },
            )
          }
        />
      )),
    [mutate],
  );
  const start = findReport('vulnerability-matches', global)!;
  const open = (schedule: ReportSchedule) =>
    void navigate({ to: '/reports/schedules/$schedule', params: { schedule: schedule.uuid } });
  return (
    <>
      <PageTitle
        title="Reports"
        about="Queries that run by themselves; their results are kept to look at and download."
      >
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
          Schedule a query
        </Button>
      </PageTitle>
      <ReportLinks />
      {is_admin ? (
        <SegmentedControl
          aria-label="Accounts"
          mb="md"
          value={global ? 'global' : 'account'}
          onChange={(value) =>
            void navigate({
              to: '/reports/schedules',
              search: value === 'global' ? { scope: 'global' } : {},
              replace: true,
            })
          }
          data={[
            { value: 'account', label: `Account ${scope_account}` },
            { value: 'global', label: 'Over all accounts' },
          ]}
        />
      ) : null}
      <DataTable
        label="Scheduled queries"
        columns={shown}
        rows={schedules.data?.items}
        rowKey={({ uuid }) => uuid}
        error={schedules.error}
        retry={() => void schedules.refetch()}
        search="Search scheduled queries"
        sort={{ id: 'name', descending: false }}
        onRowClick={open}
        maxHeight="max(24rem, calc(100dvh - 20rem))"
        empty={
          <Nothing title="No query is scheduled">
            Schedule one here, or use <b>Schedule this</b> on a report.
          </Nothing>
        }
      />
      {adding ? (
        <ScheduleDialog
          start={{ report: start, columns: shownColumns(start, {}), values: {}, global }}
          onClose={dialog.close}
          onDone={open}
        />
      ) : null}
    </>
  );
}
