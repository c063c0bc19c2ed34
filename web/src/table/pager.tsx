import { Button, Group, Text } from '@mantine/core';

/** Steps through a list whose length nobody knows. Nothing is shown when there is one page only. */
export function Pager(props: { page: number; more: boolean; onPage: (page: number) => void }) {
  const { page, more, onPage } = props;
  if (page === 1 && !more) return null;
  return (
    <Group justify="center" mt="md" gap="sm">
      <Button variant="default" disabled={page === 1} onClick={() => onPage(page - 1)}>
        Newer
      </Button>
      <Text size="sm" c="dimmed">
        Page {page}
      </Text>
      <Button variant="default" disabled={!more} onClick={() => onPage(page + 1)}>
        Older
      </Button>
    </Group>
  );
}
