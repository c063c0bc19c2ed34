import { List } from '@mantine/core';
import { Notice } from '../../states/notice.tsx';

/** What limits an answer about the past. */
export function Notes({ notes }: { notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <Notice kind="news" mb="md" title="What to bear in mind">
      <List size="sm">
        {notes.map((note) => (
          <List.Item key={note}>{note}</List.Item>
        ))}
      </List>
    </Notice>
  );
}
