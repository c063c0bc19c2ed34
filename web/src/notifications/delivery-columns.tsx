import { Anchor, Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import type { NotificationDelivery } from '#contract/windlass-notifications.ts';
import { Ago } from '../states/ago.tsx';
import { Badge } from '../states/badge.tsx';
import type { Column } from '../table/column.ts';

type Delivery = z.output<typeof NotificationDelivery>;

const STATES = {
  pending: { word: 'Waiting', tone: 'low' },
  sending: { word: 'Being sent', tone: 'low' },
  delivered: { word: 'Delivered', tone: 'good' },
  dead: { word: 'Given up', tone: 'critical' },
} as const;

/** Columns of the delivery log. */
export function deliveryColumns(
  nameOf: (uuid: string) => string,
  replay: ((id: string) => void) | undefined,
): Column<Delivery>[] {
  return [
    {
      id: 'created',
      title: 'Raised',
      width: 112,
      descendingFirst: true,
      value: (row) => row.created_at,
      cell: (row) => <Ago time={row.created_at} />,
    },
    {
      id: 'state',
      title: 'State',
      width: 112,
      value: (row) => STATES[row.state].word,
      cell: (row) => <Badge tone={STATES[row.state].tone}>{STATES[row.state].word}</Badge>,
    },
    {
      id: 'event',
      title: 'Event',
      least: 200,
      mono: true,
      value: (row) => row.event_type ?? 'several, gathered',
      cell: (row) =>
        row.event_id ? (
          <Anchor
            size="sm"
            className="truncate"
            renderRoot={(props) => <Link to="/events" search={{ event: row.event_id ?? '' }} {...props} />}
          >
            {row.event_type ?? row.event_id}
          </Anchor>
        ) : (
          (row.event_type ?? 'several, gathered')
        ),
    },
    { id: 'receiver', title: 'Receiver', least: 130, from: 800, value: (row) => nameOf(row.configuration_uuid) },
    { id: 'attempts', title: 'Attempts', width: 96, align: 'right', from: 700, value: (row) => row.attempts },
    {
      id: 'next',
      title: 'Next attempt',
      width: 124,
      from: 1200,
      value: (row) => row.next_attempt_at ?? undefined,
      cell: (row) => (row.next_attempt_at && row.state === 'pending' ? <Ago time={row.next_attempt_at} /> : null),
    },
    { id: 'error', title: 'Answer', least: 180, from: 1000, value: (row) => row.error ?? row.response ?? undefined },
    {
      id: 'replay',
      title: '',
      width: 112,
      sortable: false,
      searchable: false,
      from: 560,
      value: () => undefined,
      cell: (row) =>
        replay && (row.state === 'dead' || row.state === 'delivered') ? (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => replay(row.id)}
            aria-label={`Send again: ${row.event_type ?? 'the message'}`}
          >
            Send again
          </Button>
        ) : null,
    },
  ];
}
