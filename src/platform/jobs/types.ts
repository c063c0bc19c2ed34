import type { z } from 'zod';
import type { Db } from '../database/types.ts';

/** A kind of background work. Payload is validated when sent and when run. */
export interface JobDefinition<Payload> {
  /** Queue name, kebab-case noun-verb: `image-analyze`, `feed-sync`. */
  kind: string;
  payload: z.ZodType<Payload>;
  /** Runs of this kind at once in one process. */
  concurrency: number;
  /** Seconds a run may go without a heartbeat before another process takes it over. */
  leaseSeconds: number;
  retries: number;
  /** Pause before the first retry; it doubles with each further one, up to 15 minutes. Default 2. */
  retryDelaySeconds?: number;
  run(payload: Payload, job: JobContext): Promise<void>;
  /** Told when a job is given up without a last word from its run: the processes that ran it ended, time and again. */
  lost?(payload: Payload, reason: string): Promise<void>;
}

export interface JobContext {
  id: string;
  /** 1 for the first try. */
  attempt: number;
  /** No further try follows this one. */
  last: boolean;
  /** Aborted with the reason `cancelled` or `shutdown`; after the latter the job is run again. */
  signal: AbortSignal;
  /** Stores progress for the API and renews the lease. Cheap: may be called often. */
  progress(value: Record<string, unknown>): Promise<void>;
}

/** A job as shown to people. */
export interface JobView {
  id: string;
  kind: string;
  key?: string;
  state: 'queued' | 'active' | 'retry' | 'completed' | 'failed' | 'cancelled';
  attempt: number;
  progress?: Record<string, unknown>;
  error?: string;
  created_at: string;
  started_at?: string;
  completed_at?: string;
}

export interface Jobs {
  /** Registers a kind. Only processes with the worker role run it; every process may send. */
  define<P>(definition: JobDefinition<P>): void;
  /**
   * Enqueues in the caller's transaction: the job exists if and only if the transaction commits. With `key`, at most
   * one open job of the kind and key exists: a second send is a no-op and returns undefined.
   */
  send<P>(
    db: Db,
    kind: string,
    payload: P,
    options?: { key?: string; delaySeconds?: number; priority?: number },
  ): Promise<string | undefined>;
  /** Runs a kind on a cron schedule (UTC); one process of many fires it. */
  schedule(kind: string, cron: string, payload: unknown): Promise<void>;
  /** Ends a job, running or not; in a transaction when `db` is one. False when it has ended. */
  cancel(id: string, db?: Db): Promise<boolean>;
  list(
    filter?: { id?: string; kind?: string; key?: string; state?: JobView['state'][]; limit?: number },
    db?: Db,
  ): Promise<JobView[]>;
  /** Jobs that wait or run, by kind; kinds without any are left out. */
  counts?(): Promise<{ kind: string; open: number }[]>;
  start(roles: { worker: boolean; scheduler: boolean }): Promise<void>;
  /** Lets running jobs finish or abort within `graceMs`; unfinished ones are taken over after their lease. */
  stop(graceMs: number): Promise<void>;
}
