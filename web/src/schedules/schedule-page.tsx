import { Anchor, Button, Group, Paper, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronLeft, IconPlayerPlay } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type ReportSchedule, windlassReportSchedulesOperations } from '#contract/windlass-report-schedules.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { filtersInWords } from '../reports/report-search.ts';
import classes from '../reports/reports.module.css';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { announce, announceError } from '../states/announce.ts';
import { Answer } from '../states/answer.tsx';
import { Badge } from '../states/badge.tsx';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { Fact, Facts } from '../states/facts.tsx';
import { ResultsTable } from './results-table.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';
import { sourceOf } from './schedule-draft.ts';
import { scheduleInWords } from './schedules-page.tsx';

const route = getRouteApi('/app/reports/schedules/$schedule');
const operations = windlassReportSchedulesOperations;

/** A scheduled query: what it asks, when, and what came of it. */
export function SchedulePage() {
  const { schedule: uuid } = route.useParams();
  const schedule = useOperation(
    operations.get_report_schedule,
    { params: { schedule_uuid: uuid } },
    { every: () => 30_000 },
  );
  return (
    <Answer of={schedule} what="Loading the scheduled query">
      {(data) => <Schedule schedule={data} />}
    </Answer>
  );
}

function Schedule({ schedule }: { schedule: ReportSchedule }) {
  const navigate = useNavigate();
  const [editing, dialog] = useDisclosure(false);
  const params = { schedule_uuid: schedule.uuid };
  const refreshes = [operations.get_report_schedule, operations.list_report_schedules, operations.list_report_results];
  const run = useAction(operations.run_report_schedule, { refreshes, onDone: () => announce('The run has begun') });
  const update = useAction(operations.update_report_schedule, { refreshes });
  const search: { scope?: 'global' } = schedule.scope === 'global' ? { scope: 'global' } : {};
  const back = { to: '/reports/schedules', search } as const;
  const remove = useAction(operations.delete_report_schedule, {
    refreshes: [operations.list_report_schedules],
    onDone: () => {
      announce(`${schedule.name} was deleted`);
      void navigate(back);
    },
  });
  return (
    <>
      <Link {...back} className={classes.back}>
        <IconChevronLeft size={16} aria-hidden />
        Scheduled queries
      </Link>
      <PageTitle title={schedule.name} about={schedule.description || undefined}>
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={run.isPending}
          onClick={() => run.mutate({ params }, { onError: announceError })}
        >
          Run now
        </Button>
        <Button
          variant="default"
          loading={update.isPending}
          onClick={() => update.mutate({ params, body: { enabled: !schedule.enabled } }, { onError: announceError })}
        >
          {schedule.enabled ? 'Switch off' : 'Switch on'}
        </Button>
        <Button variant="default" onClick={dialog.open} aria-haspopup="dialog">
          Edit
        </Button>
        <ConfirmButton
          label="Delete"
          title={`Delete ${schedule.name}?`}
          confirm="Delete"
          action={remove}
          onConfirm={() => remove.mutate({ params })}
        >
          Its results are deleted with it. They cannot be brought back.
        </ConfirmButton>
      </PageTitle>
      <Stack gap="md">
        <ScheduleFacts schedule={schedule} />
        <ResultsTable schedule={schedule} />
      </Stack>
      {editing ? <ScheduleDialog start={schedule} onClose={dialog.close} /> : null}
    </>
  );
}

function ScheduleFacts({ schedule }: { schedule: ReportSchedule }) {
  const source = sourceOf(schedule);
  const filters = source.kind === 'report' ? filtersInWords(source.asked.report, source.asked.values) : [];
  const keeps = [
    schedule.keep_count === null ? undefined : `${schedule.keep_count} results`,
    schedule.keep_days === null ? undefined : `${schedule.keep_days} days`,
  ].filter(Boolean);
  return (
    <Paper p="md">
      <Facts>
        <Fact name="State">
          <Group gap={6}>
            <Badge tone={schedule.enabled ? 'good' : 'unknown'}>{schedule.enabled ? 'On' : 'Off'}</Badge>
          </Group>
        </Fact>
        <Fact name="When">{scheduleInWords(schedule)}</Fact>
        <Fact name="Next run">
          {schedule.next_execution_at ? <Ago time={schedule.next_execution_at} /> : 'None while it is off'}
        </Fact>
        <Fact name="Asks">
          {source.kind === 'report' ? (
            <Anchor
              size="sm"
              renderRoot={(props) => (
                <Link
                  to="/reports/$report"
                  params={{ report: source.asked.report.name }}
                  search={{
                    ...source.asked.values,
                    columns: source.asked.columns.map(({ path }) => path),
                    ...(source.asked.global ? { scope: 'global' as const } : {}),
                  }}
                  {...props}
                />
              )}
            >
              {source.asked.report.title}
            </Anchor>
          ) : (
            'A query of its own'
          )}
        </Fact>
        <Fact name="Filters">{filters.join(' · ')}</Fact>
        <Fact name="Accounts">{schedule.scope === 'global' ? 'All' : undefined}</Fact>
        <Fact name="Rows">{schedule.delta ? 'Only new ones since the last run' : undefined}</Fact>
        <Fact name="Keeps">{keeps.length > 0 ? keeps.join(', ') : 'As the server is set'}</Fact>
        <Fact name="Made by">{schedule.created_by}</Fact>
      </Facts>
    </Paper>
  );
}
