import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '#client/index.ts';
import { imagesOperations } from '#contract/images.ts';
import type { AnchoreImage } from '#contract/images-schemas.ts';
import { type AnalysisProgress, windlassOperations } from '#contract/windlass.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { CliFailure } from './failure.ts';
import type { Progress } from './terminal/progress.ts';
import { formatBytes } from './terminal/size.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

/** Waits until the image is analysed, or its analysis failed. Throws CliFailure after `timeoutMs`. */
export async function waitForImage(
  cli: CliContext,
  client: Client,
  digest: string,
  { progress, timeoutMs }: { progress: Progress; timeoutMs: number },
): Promise<AnchoreImage> {
  const deadline = performance.now() + timeoutMs;
  const params = { image_digest: digest };
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const state = await client.call(windlassOperations.get_image_progress, { params }, { signal: cli.signal });
    progress.update(`${digest.slice(0, 19)}  ${describeProgress(state)}`);
    if (state.phase === 'done' || state.phase === 'failed') {
      progress.end();
      if (state.phase === 'failed')
        progress.note(`analysis of ${digest} failed: ${state.error ?? 'no reason was given'}`);
      return client.call(imagesOperations.get_image, { params });
    }
    if (performance.now() >= deadline) {
      progress.end();
      throw new CliFailure(`image ${digest} is still not analysed: ${describeProgress(state)}`, {
        exitCode: EXIT.timeout,
        hint: 'The server goes on; ask again with windlass image get, or wait longer with --timeout.',
      });
    }
    await sleep(Math.min(pause, Math.max(0, deadline - performance.now())), undefined, { signal: cli.signal });
  }
}

/** One line about how far an analysis is. */
export function describeProgress({ phase, ...state }: AnalysisProgress): string {
  if (phase !== 'analyzing' || state.layers_total === undefined) return phase;
  const bytes =
    state.bytes_total === undefined
      ? ''
      : `, ${formatBytes(state.bytes_done ?? 0)} of ${formatBytes(state.bytes_total)}`;
  return `analyzing: layer ${state.layers_done ?? 0} of ${state.layers_total}${bytes}`;
}
