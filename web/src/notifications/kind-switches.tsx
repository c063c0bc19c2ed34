import { Group, Paper, Switch, Text } from '@mantine/core';
import { notificationsOperations } from '#contract/notifications.ts';
import { useAction } from '../api/operation-action.ts';
import { useMay } from '../session/session.ts';
import { announceError } from '../states/announce.ts';
import { KINDS } from './kinds.ts';

/** Switches all receivers of a kind on or off. */
export function KindSwitches({ enabled }: { enabled: (name: string) => boolean }) {
  const may = useMay('updateNotificationEndpoint');
  const change = useAction(notificationsOperations.update_endpoint_status, {
    refreshes: [notificationsOperations.list_endpoints],
  });
  return (
    <Paper p="md" mb="md">
      <Group gap="lg">
        <Text size="sm" c="dimmed">
          Kinds in use
        </Text>
        {KINDS.map(({ name, title }) => (
          <Switch
            key={name}
            label={title}
            disabled={!may}
            checked={enabled(name)}
            onChange={(event) =>
              change.mutate(
                { params: { name }, body: { enabled: event.currentTarget.checked } },
                { onError: (error) => announceError(error) },
              )
            }
          />
        ))}
      </Group>
    </Paper>
  );
}
