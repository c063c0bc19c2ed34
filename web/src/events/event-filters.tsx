import { Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { SearchChange } from '../routes/changed-search.ts';
import { EventTypeSelect } from './event-type-select.tsx';
import type { EventsSearch, Span } from './events-search.ts';

const SPANS = [
  { value: 'hour', label: 'Last hour' },
  { value: 'day', label: 'Last day' },
  { value: 'week', label: 'Last week' },
  { value: 'month', label: 'Last 30 days' },
  { value: 'chosen', label: 'Between two times' },
];

/** Filters of the events. The server applies them. */
export function EventFilters(props: { search: EventsSearch; onChange: (part: SearchChange<EventsSearch>) => void }) {
  const { search, onChange } = props;
  const [choosing, setChoosing] = useState(Boolean(search.from ?? search.until));
  const [text, setText] = useState(search.resource ?? '');
  useEffect(() => setText(search.resource ?? ''), [search.resource]);
  const apply = useDebouncedCallback((value: string) => onChange({ resource: value.trim() || undefined }), 400);
  return (
    <>
      <TextInput
        type="search"
        aria-label="Resource"
        placeholder="Resource, whole name"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          apply(event.currentTarget.value);
        }}
        style={{ flex: '1 1 13rem', maxWidth: '20rem' }}
      />
      <EventTypeSelect value={search.type} onChange={(type) => onChange({ type })} />
      <Select
        aria-label="Level"
        placeholder="Any level"
        data={[
          { value: 'error', label: 'Errors' },
          { value: 'info', label: 'News' },
        ]}
        value={search.level ?? null}
        onChange={(level) => onChange({ level: level ?? undefined })}
        clearable
        w={130}
      />
      <Select
        aria-label="Time"
        placeholder="Any time"
        data={SPANS}
        value={choosing ? 'chosen' : (search.span ?? null)}
        onChange={(value) => {
          setChoosing(value === 'chosen');
          const span = value === 'chosen' || value === null ? undefined : (value as Span);
          onChange({ span, from: undefined, until: undefined });
        }}
        clearable
        w={180}
      />
      {choosing ? (
        <>
          <TextInput
            type="datetime-local"
            aria-label="From"
            value={search.from ?? ''}
            onChange={(event) => onChange({ from: event.currentTarget.value || undefined })}
          />
          <TextInput
            type="datetime-local"
            aria-label="Until"
            value={search.until ?? ''}
            onChange={(event) => onChange({ until: event.currentTarget.value || undefined })}
          />
        </>
      ) : null}
    </>
  );
}
