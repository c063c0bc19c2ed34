import { Anchor } from '@mantine/core';
import { windlassNotificationsOperations } from '#contract/windlass-notifications.ts';
import { useOperation } from '../api/operation-query.ts';
import { Ago } from '../states/ago.tsx';
import { Badge } from '../states/badge.tsx';
import type { Column } from '../table/column.ts';
import type { Configuration, Kind } from './kinds.ts';

/** A receiver with its kind. */
export interface Receiver {
  kind: Kind;
  configuration: Configuration;
  enabled: boolean;
}

const HEALTH = {
  healthy: { word: 'Delivers', tone: 'good' },
  unhealthy: { word: 'Failing', tone: 'critical' },
  unknown: { word: 'Nothing sent yet', tone: 'unknown' },
} as const;

/** How the last deliveries of a receiver went. */
export function ReceiverHealth({ uuid, enabled }: { uuid: string; enabled: boolean }) {
  const detail = useOperation(
    windlassNotificationsOperations.get_notification_configuration_detail,
    { params: { configuration_uuid: uuid } },
    { every: () => 15_000 },
  );
  if (!enabled) return <Badge tone="unknown">Switched off</Badge>;
  if (!detail.data) return null;
  const { word, tone } = HEALTH[detail.data.status];
  return (
    <Badge tone={tone} {...(detail.data.last_error ? { title: detail.data.last_error } : {})}>
      {word}
    </Badge>
  );
}

/** Columns of the receivers. */
export function receiverColumns(open: (receiver: Receiver) => void): Column<Receiver>[] {
  return [
    {
      id: 'name',
      title: 'Receiver',
      least: 170,
      value: ({ kind, configuration }) => configuration.description || kind.title,
      cell: (receiver) => (
        <Anchor
          component="button"
          type="button"
          size="sm"
          fw={600}
          className="truncate"
          maw="100%"
          onClick={() => open(receiver)}
        >
          {receiver.configuration.description || receiver.kind.title}
        </Anchor>
      ),
    },
    { id: 'kind', title: 'Kind', width: 150, value: ({ kind }) => kind.title },
    {
      id: 'target',
      title: 'Sends to',
      least: 200,
      mono: true,
      from: 800,
      value: ({ kind, configuration }) => kind.target(configuration),
    },
    {
      id: 'health',
      title: 'State',
      width: 150,
      from: 560,
      sortable: false,
      value: () => undefined,
      cell: ({ configuration, enabled }) => <ReceiverHealth uuid={configuration.uuid ?? ''} enabled={enabled} />,
    },
    {
      id: 'changed',
      title: 'Changed',
      width: 116,
      align: 'right',
      from: 1100,
      value: ({ configuration }) => configuration.last_updated as string | undefined,
      cell: ({ configuration }) => <Ago time={configuration.last_updated as string | undefined} />,
    },
  ];
}
