import { Select, Stack } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { eventsOperations } from '#contract/events.ts';
import { useAction } from '../api/operation-action.ts';
import { plural } from '../format/words.ts';
import { announce } from '../states/announce.ts';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { SPANS, type Span } from './events-search.ts';

/** Deletes the events that are older than a span. */
export function DeleteEvents() {
  const [span, setSpan] = useState<Span | 'all'>('month');
  const [level, setLevel] = useState<string | null>(null);
  const remove = useAction(eventsOperations.delete_events, {
    refreshes: [eventsOperations.list_events],
    onDone: (ids) => announce(`${plural(ids.length, 'event')} deleted`),
  });
  return (
    <ConfirmButton
      label="Delete old events"
      leftSection={<IconTrash size={16} aria-hidden />}
      title="Delete events"
      confirm="Delete"
      action={remove}
      onConfirm={(close) =>
        remove.mutate(
          {
            query: {
              ...(span === 'all' ? {} : { before: new Date(Date.now() - SPANS[span]).toISOString() }),
              ...(level ? { level } : {}),
            },
          },
          { onSuccess: close },
        )
      }
    >
      <Stack gap="sm">
        <Select
          label="Which"
          data={[
            { value: 'all', label: 'All events' },
            { value: 'month', label: 'Older than 30 days' },
            { value: 'week', label: 'Older than a week' },
            { value: 'day', label: 'Older than a day' },
          ]}
          value={span}
          allowDeselect={false}
          onChange={(value) => setSpan((value as Span | null) ?? 'month')}
        />
        <Select
          label="Level"
          placeholder="Any level"
          data={[
            { value: 'error', label: 'Errors' },
            { value: 'info', label: 'News' },
          ]}
          value={level}
          clearable
          onChange={setLevel}
        />
      </Stack>
    </ConfirmButton>
  );
}
