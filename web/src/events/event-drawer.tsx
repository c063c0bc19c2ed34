import { Group, Stack } from '@mantine/core';
import { type EventResponse, eventsOperations } from '#contract/events.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { formatTime } from '../format/time.ts';
import { sentenceCase } from '../format/words.ts';
import { useMay } from '../session/session.ts';
import { announce } from '../states/announce.ts';
import { Answer } from '../states/answer.tsx';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { DetailDrawer } from '../states/detail-drawer.tsx';
import { Fact, Facts } from '../states/facts.tsx';
import { JsonView } from '../states/json-view.tsx';
import { EventResource, LevelBadge } from './event-columns.tsx';

/** All that an event tells. */
export function EventDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const event = useOperation(
    eventsOperations.get_event,
    { params: { event_id: id ?? '' } },
    { enabled: id !== undefined, staleMs: Number.POSITIVE_INFINITY },
  );
  return (
    <DetailDrawer opened={id !== undefined} onClose={onClose} title={event.data?.event?.message ?? 'Event'}>
      {id === undefined ? null : (
        <Answer of={event} what="Loading the event">
          {(row) => <Details row={row} onClose={onClose} />}
        </Answer>
      )}
    </DetailDrawer>
  );
}

function Details({ row, onClose }: { row: EventResponse; onClose: () => void }) {
  const mayDelete = useMay('getEvent');
  const { event } = row;
  const remove = useAction(eventsOperations.delete_event, {
    refreshes: [eventsOperations.list_events],
    onDone: () => {
      announce('The event was deleted');
      onClose();
    },
  });
  return (
    <Stack gap="lg">
      <Facts>
        <Fact name="Level">
          <LevelBadge level={event?.level} />
        </Fact>
        <Fact name="When">{formatTime(row.created_at)}</Fact>
        <Fact name="Kind of resource">{sentenceCase(event?.resource?.type ?? '')}</Fact>
        <Fact name="Account">{event?.resource?.account_name}</Fact>
        <Fact name="Reported by">
          {[event?.source?.service_name, event?.source?.host_id].filter(Boolean).join(' on ')}
        </Fact>
        <Fact name="Request">{event?.source?.request_id}</Fact>
      </Facts>
      <Facts>
        <Fact name="Resource">{event?.resource?.id ? <EventResource row={row} /> : null}</Fact>
      </Facts>
      <Facts>
        <Fact name="Type">
          <span className="mono">{event?.type}</span>
        </Fact>
        <Fact name="Id">
          <span className="mono">{row.event_id}</span>
        </Fact>
      </Facts>
      {event?.details && Object.keys(event.details).length > 0 ? (
        <JsonView value={event.details} label="Details of the event" />
      ) : null}
      {mayDelete ? (
        <Group>
          <ConfirmButton
            label="Delete"
            title="Delete this event?"
            confirm="Delete"
            action={remove}
            onConfirm={() => remove.mutate({ params: { event_id: row.event_id ?? '' } })}
          >
            Notifications of it that are under way are still delivered.
          </ConfirmButton>
        </Group>
      ) : null}
    </Stack>
  );
}
