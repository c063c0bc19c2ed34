import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Database } from '../database/types.ts';
import { sqlRunner } from './boss.ts';
import { holdsLease, type Lease, readyKinds, releaseLease, renewLeases, takeOver } from './leases.ts';
import { Progress } from './progress.ts';
import type { JobDefinition } from './types.ts';

interface Run {
  lease: Lease;
  controller: AbortController;
  done: Promise<void>;
}

/** Why a run was told to end. */
type Ending = 'cancelled' | 'shutdown';

/** Milliseconds between looks for work that nobody told about. */
const POLL = 2_000;

export interface RunnerOptions {
  database: Database;
  boss: PgBoss;
  definitions: ReadonlyMap<string, JobDefinition<never>>;
  onError: (error: unknown) => void;
  /** Told about each finished run: outcome and seconds. */
  onRun?: ((kind: string, outcome: 'completed' | 'failed' | 'lost', seconds: number) => void) | undefined;
}

/** Takes jobs from the queue and runs them. */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #runs = new Map<string, Run>();
  readonly #wanted = new Set<string>();
  #pumping: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  start(): void {
    const leases = [...this.#options.definitions.values()].map((definition) => definition.leaseSeconds);
    const renewal = Math.min(10_000, (Math.min(...leases, 30) * 1000) / 3);
    this.#renewal = setInterval(() => void this.#renew().catch(this.#options.onError), renewal);
    // This process alone has an embedded database: what is marked as running was left by the one before.
    void this.#poll(this.#options.database.kind === 'embedded' ? 0 : undefined);
  }

  /** There is work of a kind. */
  wake(kind: string): void {
    if (!this.#options.definitions.has(kind)) return;
    this.#wanted.add(kind);
    void this.#pump();
  }

  /** Aborts a run, if it is one of this process. */
  cancel(id: string): void {
    this.#runs.get(id)?.controller.abort('cancelled' satisfies Ending);
  }

  /** Starts nothing more; lets runs finish for a quarter of the time, then aborts them and waits for the rest of it. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    await this.#pumping;
    const settled = Promise.allSettled([...this.#runs.values()].map((run) => run.done));
    await within(settled, graceMs / 4);
    for (const run of this.#runs.values()) run.controller.abort('shutdown' satisfies Ending);
    await within(settled, (graceMs * 3) / 4);
    clearInterval(this.#renewal);
  }

  async #poll(leaseSeconds?: number): Promise<void> {
    try {
      await this.#recover(leaseSeconds);
      for (const kind of await readyKinds(this.#options.database.db, this.#free())) this.#wanted.add(kind);
      await this.#pump();
    } catch (error) {
      this.#options.onError(error);
    }
    if (this.#stopping) return;
    // Not all processes at the same moment.
    this.#timer = setTimeout(() => void this.#poll(), POLL * (0.75 + Math.random() / 4));
  }

  /** Kinds of which this process can run another job. */
  #free(): string[] {
    return [...this.#options.definitions.keys()].filter((kind) => this.#capacity(kind) > 0);
  }

  #capacity(kind: string): number {
    const running = [...this.#runs.values()].filter((run) => run.lease.kind === kind).length;
    return (this.#options.definitions.get(kind)?.concurrency ?? 0) - running;
  }

  #pump(): Promise<void> {
    this.#pumping ??= this.#fetchWanted()
      .catch(this.#options.onError)
      .finally(() => {
        this.#pumping = undefined;
        if ([...this.#wanted].some((kind) => this.#capacity(kind) > 0) && !this.#stopping) void this.#pump();
      });
    return this.#pumping;
  }

  async #fetchWanted(): Promise<void> {
    for (const kind of [...this.#wanted]) {
      const free = this.#capacity(kind);
      if (this.#stopping) return;
      // Stays wanted: the end of a run pumps again.
      if (free <= 0) continue;
      this.#wanted.delete(kind);
      const jobs = await this.#options.boss.fetch<object>(kind, { batchSize: free, includeMetadata: true });
      if (jobs.length === free) this.#wanted.add(kind);
      for (const job of jobs) this.#begin(job);
    }
  }

  #begin(job: JobWithMetadata): void {
    const lease: Lease = { kind: job.name, id: job.id, retry_count: job.retryCount };
    const controller = new AbortController();
    const run: Run = { lease, controller, done: Promise.resolve() };
    this.#runs.set(job.id, run);
    run.done = this.#execute(job, run)
      .catch(this.#options.onError)
      .finally(() => {
        this.#runs.delete(job.id);
        if (this.#wanted.has(lease.kind)) void this.#pump();
      });
  }

  async #execute(job: JobWithMetadata, { lease, controller }: Run): Promise<void> {
    const { database, definitions, onError, onRun } = this.#options;
    const definition = definitions.get(job.name) as JobDefinition<unknown> | undefined;
    if (!definition) return;
    const progress = new Progress(database.db, job.id, onError);
    const started = performance.now();
    let failure: { error: unknown } | undefined;
    try {
      await definition.run(definition.payload.parse(unwrap(job.data)), {
        id: job.id,
        attempt: job.retryCount + 1,
        last: job.retryCount >= job.retryLimit,
        signal: controller.signal,
        progress: (value) => progress.set(value),
      });
    } catch (error) {
      failure = { error };
    }
    await progress.flush().catch(onError);
    const seconds = (performance.now() - started) / 1000;
    if (failure && controller.signal.reason === 'shutdown') {
      await releaseLease(database.db, lease);
      return onRun?.(lease.kind, 'lost', seconds);
    }
    const kept = await this.#finish(lease, failure);
    onRun?.(lease.kind, !kept ? 'lost' : failure ? 'failed' : 'completed', seconds);
    if (failure && kept) onError(failure.error);
  }

  /** Stores the outcome, unless the run was cancelled or taken over meanwhile. */
  async #finish(lease: Lease, failure: { error: unknown } | undefined): Promise<boolean> {
    const { boss, database } = this.#options;
    return database.transaction(async (tx) => {
      if (!(await holdsLease(tx, lease))) return false;
      const db = sqlRunner(tx);
      if (failure) await boss.fail(lease.kind, lease.id, { message: describe(failure.error) }, { db });
      else await boss.complete(lease.kind, lease.id, null, { db });
      return true;
    });
  }

  async #renew(): Promise<void> {
    const runs = [...this.#runs.values()];
    if (runs.length === 0) return;
    const held = await renewLeases(
      this.#options.database.db,
      runs.map((run) => run.lease),
    );
    for (const run of runs) if (!held.has(run.lease.id)) run.controller.abort('cancelled' satisfies Ending);
  }

  async #recover(leaseSeconds?: number): Promise<void> {
    const { database, boss, definitions, onError } = this.#options;
    const kinds = [...definitions.values()].map((definition) => ({
      ...definition,
      leaseSeconds: leaseSeconds ?? definition.leaseSeconds,
    }));
    for (const { kind, id, given_up, data } of await takeOver(database.db, kinds)) {
      onError(new Error(`job ${kind} ${id}: its process ended; ${given_up ? 'given up' : 'it is run again'}`));
      if (!given_up) continue;
      const reason = 'the process that ran it ended, several times';
      const definition = definitions.get(kind) as JobDefinition<unknown> | undefined;
      await definition?.lost?.(definition.payload.parse(unwrap(data)), reason);
      await boss.fail(kind, id, { message: reason });
    }
  }
}

/** Payloads are wrapped, because pg-boss takes objects only. */
function unwrap(data: unknown): unknown {
  return (data as { payload?: unknown } | null)?.payload;
}

function describe(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 4_000);
}

async function within(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, timeout]);
  clearTimeout(timer);
}
