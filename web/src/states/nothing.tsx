import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** What an empty place says, and what to do about it. */
export function Nothing({ title, children, icon }: { title: string; children?: ReactNode; icon?: ReactNode }) {
  return (
    <Stack align="center" gap={6} py={48} px="md">
      {icon}
      <Text fw={600}>{title}</Text>
      {children ? (
        <Text component="div" size="sm" c="dimmed" ta="center" maw={460}>
          {children}
        </Text>
      ) : null}
    </Stack>
  );
}
