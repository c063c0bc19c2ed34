import { Tooltip } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { useState } from 'react';
import { formatAgo, formatTime } from '../format/time.ts';

/** How long ago something was; the exact time on hover and focus. */
export function Ago({ time }: { time: string | undefined }) {
  const [now, setNow] = useState(() => Date.now());
  useInterval(() => setNow(Date.now()), 30_000, { autoInvoke: true });
  if (time === undefined) return null;
  return (
    <Tooltip label={formatTime(time)}>
      <time dateTime={time}>{formatAgo(time, now)}</time>
    </Tooltip>
  );
}
