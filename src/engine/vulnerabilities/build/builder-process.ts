import { FeedError } from '../feed-error.ts';
import type { BuildProgress } from './write-index.ts';
import { writeIndex } from './write-index.ts';

/** Arguments of the process, in order: database, folder of the index, checksum. */
export type BuilderMessage =
  | { kind: 'progress'; progress: BuildProgress }
  | { kind: 'done' }
  | { kind: 'failed'; code: FeedError['code'] | undefined; message: string };

const [database = '', directory = '', checksum = ''] = process.argv.slice(2);
const say = (message: BuilderMessage): Promise<void> =>
  new Promise((resolve) => (process.send ? process.send(message, () => resolve()) : resolve()));

// Whoever wanted the index is gone.
process.on('disconnect', () => process.exit(1));

try {
  await writeIndex({
    database,
    directory,
    checksum,
    onProgress: (progress) => void say({ kind: 'progress', progress }),
    check: () => undefined,
  });
  await say({ kind: 'done' });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  await say({ kind: 'failed', code: error instanceof FeedError ? error.code : undefined, message });
}
process.exit(0);
