import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { errorText } from '../api/error-text.ts';
import { Notice } from './notice.tsx';

/** What went wrong, with the id to look for in the server's log, and a way to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { title, message, requestId } = errorText(error);
  return (
    <Notice kind="failure" title={title} icon={<IconAlertCircle aria-hidden />} role="alert" my="sm">
      <Stack gap="xs" align="flex-start">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {message}
        </Text>
        {requestId ? (
          <Group gap={6}>
            <Text size="xs" c="dimmed">
              Request id
            </Text>
            <Code>{requestId}</Code>
          </Group>
        ) : null}
        {retry ? (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        ) : null}
      </Stack>
    </Notice>
  );
}
