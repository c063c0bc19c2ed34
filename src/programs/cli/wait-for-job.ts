import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '#client/index.ts';
import { windlassOperations } from '#contract/windlass.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { CliFailure } from './failure.ts';

const PAUSE_MS = 250;

/** Waits until the newest job of this kind and key has ended. Throws CliFailure when it failed, or after `timeoutMs`. */
export async function waitForJob(
  cli: CliContext,
  client: Client,
  { kind, key, timeoutMs }: { kind: string; key: string; timeoutMs: number },
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const { items } = await client.call(
      windlassOperations.list_jobs,
      { query: { kind, key, limit: 1 } },
      { signal: cli.signal },
    );
    const [job] = items;
    if (job?.state === 'completed') return;
    if (job?.state === 'failed' || job?.state === 'cancelled') {
      throw new CliFailure(
        `the job ${kind} ${job.state === 'failed' ? 'failed' : 'was cancelled'}: ${job.error ?? 'no reason was given'}`,
      );
    }
    if (performance.now() >= deadline)
      throw new CliFailure(`the job ${kind} has not ended`, { exitCode: EXIT.timeout, hint: 'See: windlass job list' });
    await sleep(PAUSE_MS, undefined, { signal: cli.signal });
  }
}
