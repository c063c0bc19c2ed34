import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { EventResponse } from '#contract/events.ts';
import { sentenceCase } from '../format/words.ts';
import { Ago } from '../states/ago.tsx';
import { Badge } from '../states/badge.tsx';
import type { Column } from '../table/column.ts';

/** Level of an event in a word. */
export function LevelBadge({ level }: { level: string | undefined }) {
  const error = level?.toLowerCase() === 'error';
  return <Badge tone={error ? 'critical' : 'low'}>{error ? 'Error' : 'News'}</Badge>;
}

/** Columns of the events. The server gives the newest first. */
export function eventColumns(open: (event: EventResponse) => void): Column<EventResponse>[] {
  return [
    {
      id: 'time',
      title: 'When',
      width: 116,
      sortable: false,
      value: (row) => row.created_at,
      cell: (row) => <Ago time={row.created_at} />,
    },
    {
      id: 'level',
      title: 'Level',
      width: 88,
      sortable: false,
      value: (row) => row.event?.level,
      cell: (row) => <LevelBadge level={row.event?.level} />,
    },
    {
      id: 'message',
      title: 'Event',
      least: 220,
      sortable: false,
      value: (row) => row.event?.message,
      cell: (row) => (
        <Anchor
          component="button"
          type="button"
          size="sm"
          fw={600}
          className="truncate"
          maw="100%"
          onClick={() => open(row)}
        >
          {row.event?.message || row.event?.type}
        </Anchor>
      ),
    },
    {
      id: 'resource',
      title: 'Resource',
      least: 200,
      from: 700,
      sortable: false,
      value: (row) => row.event?.resource?.id,
      cell: (row) => <EventResource row={row} />,
    },
    {
      id: 'kind',
      title: 'Kind',
      width: 150,
      from: 1300,
      sortable: false,
      value: (row) => sentenceCase(row.event?.resource?.type ?? ''),
    },
    { id: 'type', title: 'Type', least: 220, mono: true, from: 1100, sortable: false, value: (row) => row.event?.type },
  ];
}

/** Digest of the image that an event speaks of, when it tells one. */
function imageOf({ event }: EventResponse): string | undefined {
  const named = [event?.resource?.id, event?.details?.image_digest, event?.details?.digest];
  return named.find((value): value is string => typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value));
}

/** What an event speaks of: images as links. */
export function EventResource({ row }: { row: EventResponse }) {
  const resource = row.event?.resource;
  if (!resource?.id) return null;
  const aboutImage = resource.type === 'image_tag' || resource.type === 'image_digest' || resource.type === 'image';
  const digest = aboutImage ? imageOf(row) : undefined;
  if (digest)
    return (
      <Anchor
        size="sm"
        className="truncate"
        title={resource.id}
        renderRoot={(props) => <Link to="/images/$digest" params={{ digest }} {...props} />}
      >
        {resource.id}
      </Anchor>
    );
  if (aboutImage)
    return (
      <Anchor
        size="sm"
        className="truncate"
        title={resource.id}
        renderRoot={(props) => <Link to="/images" search={{ search: resource.id ?? '' }} {...props} />}
      >
        {resource.id}
      </Anchor>
    );
  return <span title={resource.id}>{resource.id}</span>;
}
