import { Progress, Stack, Text } from '@mantine/core';
import { formatSize } from '../format/size.ts';
import type { UploadProgress } from './use-upload.ts';

/** How much of an upload has gone. */
export function Sending({ sent, total }: UploadProgress) {
  const all = total > 0 && sent >= total;
  return (
    <Stack gap={4}>
      <Progress value={total > 0 ? (100 * sent) / total : 0} animated={all} aria-label="Upload" />
      <Text size="xs" c="dimmed" role="status">
        {all ? 'All sent; the server checks it…' : `${formatSize(sent)} of ${formatSize(total)}`}
      </Text>
    </Stack>
  );
}
