import { Group, Loader, Text } from '@mantine/core';

/** Shown while something loads. */
export function Waiting({ what = 'Loading' }: { what?: string }) {
  return (
    <Group justify="center" gap="sm" py={48} role="status">
      <Loader size="sm" />
      <Text size="sm" c="dimmed">
        {what}…
      </Text>
    </Group>
  );
}
