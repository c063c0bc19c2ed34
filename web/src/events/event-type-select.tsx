import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { type EventTypesList, eventsOperations } from '#contract/events.ts';
import { useOperation } from '../api/operation-query.ts';
import { sentenceCase } from '../format/words.ts';

/** The tree of event types as a list of patterns: everything of a category, everything of a part of it, one type. */
export function eventPatterns(tree: EventTypesList): { group: string; items: { value: string; label: string }[] }[] {
  return tree.flatMap(({ name: category = '', description, subcategories = [] }) => [
    {
      group: description ?? sentenceCase(category),
      items: [{ value: `${category}.*`, label: `All ${category} events` }],
    },
    ...subcategories.map(({ name = '', events = [] }) => ({
      group: `${category} · ${sentenceCase(name).toLowerCase()}`,
      items: [
        { value: `${category}.${name}.*`, label: `All of ${sentenceCase(name).toLowerCase()}` },
        ...events.flatMap((event) => (event.type ? [{ value: event.type, label: event.message ?? event.type }] : [])),
      ],
    })),
  ]);
}

/** Chooses a type of event, or a branch of the tree of types. */
export function EventTypeSelect(props: {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  label?: string;
  width?: number | string;
}) {
  const types = useOperation(eventsOperations.list_event_types, {}, { staleMs: 600_000 });
  const data = useMemo(() => {
    const known = types.data ? eventPatterns(types.data) : [];
    const there = known.some(({ items }) => items.some(({ value }) => value === props.value));
    if (!props.value || there) return known;
    return [{ group: 'Chosen', items: [{ value: props.value, label: props.value }] }, ...known];
  }, [types.data, props.value]);
  return (
    <Select
      {...(props.label ? { label: props.label } : { 'aria-label': 'Type of event' })}
      placeholder="Any event"
      data={data}
      value={props.value ?? null}
      onChange={(value) => props.onChange(value ?? undefined)}
      clearable
      searchable
      w={props.width ?? 270}
      maw="100%"
      comboboxProps={{ width: 360, position: 'bottom-start' }}
    />
  );
}
