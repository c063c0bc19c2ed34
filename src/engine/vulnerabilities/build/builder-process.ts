import { FeedError } from '../feed-error.ts';
import type { BuildProgress, WriteOptions } from './write-index.ts';
import { writeIndex } from './write-index.ts';

/** What the process is told, as JSON in its only argument. */
export type BuilderTask = Omit<WriteOptions, 'onProgress' | 'check'>;

/** What the process tells. */
export type BuilderMessage =
  | { kind: 'progress'; progress: BuildProgress }
  | { kind: 'done' }
  | { kind: 'failed'; code: FeedError['code'] | undefined; message: string; source: string | undefined };

const task = JSON.parse(process.argv[2] ?? '{}') as BuilderTask;
const say = (message: BuilderMessage): Promise<void> =>
  new Promise((resolve) => (process.send ? process.send(message, () => resolve()) : resolve()));
// Whoever wanted the index is gone.
process.on('disconnect', () => process.exit(1));
try {
  await writeIndex({
    ...task,
    onProgress: (progress) => void say({ kind: 'progress', progress }),
    check: () => undefined,
  });
  await say({ kind: 'done' });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  const known = error instanceof FeedError ? error : undefined;
  await say({ kind: 'failed', code: known?.code, message, source: known?.source });
}
process.exit(0);
