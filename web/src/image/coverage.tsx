import { List } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { plural } from '../format/words.ts';
import { Notice } from '../states/notice.tsx';

/** Whether the evidence about an image is complete, and what is missing when it is not. */
export function Coverage({ problems }: { problems: { code: string; message: string }[] }) {
  if (problems.length === 0) {
    return (
      <Notice kind="good" icon={<IconCircleCheck aria-hidden />} p="xs">
        Everything in this image could be read.
      </Notice>
    );
  }
  return (
    <Notice
      kind="warning"
      icon={<IconAlertTriangle aria-hidden />}
      title={`The results may be incomplete: ${plural(problems.length, 'problem')}`}
    >
      <List size="sm" spacing={4}>
        {problems.slice(0, 20).map((problem) => (
          <List.Item key={`${problem.code} ${problem.message}`} style={{ overflowWrap: 'anywhere' }}>
            {problem.message}
          </List.Item>
        ))}
        {problems.length > 20 ? <List.Item>and {plural(problems.length - 20, 'more problem')}</List.Item> : null}
      </List>
    </Notice>
  );
}
