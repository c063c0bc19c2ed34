import { Checkbox, NumberInput, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type ReportSchedule, windlassReportSchedulesOperations } from '#contract/windlass-report-schedules.ts';
import { useAction } from '../api/operation-action.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { announce } from '../states/announce.ts';
import { CronField } from './cron-field.tsx';
import { type AskedReport, bodyOf, draftOf, newDraft, type ScheduleDraft } from './schedule-draft.ts';
import { SourceFields } from './source-fields.tsx';

const operations = windlassReportSchedulesOperations;
const REFRESHES = [operations.list_report_schedules, operations.get_report_schedule];

/** Form of a scheduled query: a new one that begins with a report, or one that is there. */
export function ScheduleDialog(props: {
  start: AskedReport | ReportSchedule;
  onClose: () => void;
  onDone?: (schedule: ReportSchedule) => void;
}) {
  const { start, onClose } = props;
  const known = 'uuid' in start ? start : undefined;
  const [draft, setDraft] = useState<ScheduleDraft>(() => ('uuid' in start ? draftOf(start) : newDraft(start)));
  const [unreadable, setUnreadable] = useState<unknown>();
  const change = (part: Partial<ScheduleDraft>) => setDraft({ ...draft, ...part });
  const onDone = (schedule: ReportSchedule) => {
    announce(known ? 'Saved' : `${schedule.name} is scheduled`);
    onClose();
    props.onDone?.(schedule);
  };
  const create = useAction(operations.create_report_schedule, { refreshes: REFRESHES, onDone });
  const update = useAction(operations.update_report_schedule, { refreshes: REFRESHES, onDone });
  const global = known ? known.scope === 'global' : 'report' in start && start.global;

  function submit(): void {
    setUnreadable(undefined);
    try {
      const body = bodyOf(draft);
      if (known) update.mutate({ params: { schedule_uuid: known.uuid }, body });
      else create.mutate({ body: { ...body, ...(global ? { scope: 'global' as const } : {}) } });
    } catch (error) {
      setUnreadable(error);
    }
  }

  const number = (value: string | number): number | '' => (typeof value === 'number' ? value : '');
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={
        known ? `Scheduled query ${known.name}` : global ? 'Schedule a query over all accounts' : 'Schedule a query'
      }
      submit={known ? 'Save' : 'Schedule'}
      size="xl"
      busy={create.isPending || update.isPending}
      error={unreadable ?? create.error ?? update.error}
      onSubmit={submit}
    >
      <TextInput
        label="Name"
        required
        data-autofocus
        maxLength={200}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        autosize
        minRows={1}
        maxRows={4}
        maxLength={2_000}
        value={draft.description}
        onChange={(event) => change({ description: event.currentTarget.value })}
      />
      <SourceFields
        source={draft.source}
        global={global}
        choose={known === undefined}
        onChange={(source) => change({ source })}
      />
      <CronField
        cron={draft.cron}
        zone={draft.zone}
        onCron={(cron) => change({ cron })}
        onZone={(zone) => change({ zone })}
      />
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm" verticalSpacing="sm">
        <NumberInput
          label="Results to keep"
          description="Empty: as the server is set."
          min={1}
          max={10_000}
          allowDecimal={false}
          value={draft.keepCount}
          onChange={(value) => change({ keepCount: number(value) })}
        />
        <NumberInput
          label="Days to keep them"
          description="Empty: as the server is set."
          min={1}
          max={3_650}
          allowDecimal={false}
          value={draft.keepDays}
          onChange={(value) => change({ keepDays: number(value) })}
        />
        <NumberInput
          label="Minutes a run may take"
          description="Empty: as the server is set."
          min={1}
          max={10_080}
          allowDecimal={false}
          value={draft.timeoutMinutes}
          onChange={(value) => change({ timeoutMinutes: number(value) })}
        />
      </SimpleGrid>
      <Checkbox
        label="Only rows that the last complete run did not have"
        checked={draft.delta}
        onChange={(event) => change({ delta: event.currentTarget.checked })}
      />
      <Checkbox
        label="Run by the schedule"
        checked={draft.enabled}
        onChange={(event) => change({ enabled: event.currentTarget.checked })}
      />
    </FormDialog>
  );
}
