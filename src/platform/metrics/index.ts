import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '../database/types.ts';
import type { Jobs } from '../jobs/types.ts';

export type { Registry } from 'prom-client';

/** Metrics of this process. Names that existing dashboards know begin with `anchore_`, our own with `windlass_`. */
export interface Metrics {
  registry: Registry;
  /** A finished request; `path` is the route's pattern, never the address asked for. */
  request(path: string, method: string, status: number, seconds: number): void;
  /** A finished run of a job. */
  job(kind: string, outcome: 'completed' | 'failed' | 'lost', seconds: number): void;
  /** The registry in Prometheus' text form. */
  text(): Promise<string>;
}

/** Makes the registry with process, event loop, request and job metrics. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'anchore_http_request_duration_seconds',
    help: 'Time taken by API requests',
    labelNames: ['path', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  const runs = new Histogram({
    name: 'windlass_job_seconds',
    help: 'Time taken by runs of background jobs',
    labelNames: ['kind', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1_800, 7_200],
    registers: [registry],
  });
  return {
    registry,
    request: (path, method, status, seconds) => requests.observe({ path, method, status }, seconds),
    job: (kind, outcome, seconds) => runs.observe({ kind, outcome }, seconds),
    text: () => registry.metrics(),
  };
}

/** Adds the connections of the database pool: open, idle, and callers that wait for one. */
export function observePool(registry: Registry, database: Database): void {
  new Gauge({
    name: 'windlass_database_connections',
    help: 'Connections of the database pool by state',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const pool = database.pool?.();
      if (!pool) return;
      this.set({ state: 'open' }, pool.open);
      this.set({ state: 'idle' }, pool.idle);
      this.set({ state: 'waiting' }, pool.waiting);
    },
  });
}

/** Adds the length of each queue, counted when the metrics are read. */
export function observeQueues(registry: Registry, jobs: Jobs, onError: (error: unknown) => void): void {
  const errors = new Counter({
    name: 'windlass_metrics_errors_total',
    help: 'Failed readings of the queue lengths',
    registers: [registry],
  });
  new Gauge({
    name: 'anchore_queue_length',
    help: 'Jobs that wait or run, by queue',
    labelNames: ['queuename'],
    registers: [registry],
    async collect() {
      try {
        const counts = (await jobs.counts?.()) ?? [];
        this.reset();
        for (const { kind, open } of counts) this.set({ queuename: kind }, open);
      } catch (error) {
        // Old numbers would look like news.
        this.reset();
        errors.inc();
        onError(error);
      }
    },
  });
}
