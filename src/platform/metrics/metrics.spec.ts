import { describe, expect, it } from 'vitest';
import type { Database } from '../database/types.ts';
import type { Jobs } from '../jobs/types.ts';
import { createMetrics, observePool, observeQueues } from './index.ts';

describe('metrics', () => {
  it('shows process, requests and jobs', async () => {
    const metrics = createMetrics();
    metrics.request('/v2/images', 'GET', 200, 0.02);
    metrics.job('image-analyze', 'completed', 3);
    const text = await metrics.text();
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
    expect(text).toContain(
      'anchore_http_request_duration_seconds_count{path="/v2/images",method="GET",status="200"} 1',
    );
    expect(text).toContain('windlass_job_seconds_sum{kind="image-analyze",outcome="completed"} 3');
  });

  it('shows the pool and the queues, and survives a broken database', async () => {
    const metrics = createMetrics();
    const errors: unknown[] = [];
    let broken = false;
    observePool(metrics.registry, { pool: () => ({ open: 4, idle: 3, waiting: 2 }) } as Database);
    const counts: Jobs['counts'] = async () => {
      if (broken) throw new Error('gone');
      return [{ kind: 'feed-sync', open: 5 }];
    };
    observeQueues(metrics.registry, { counts } as Jobs, (error) => errors.push(error));
    const text = await metrics.text();
    expect(text).toContain('windlass_database_connections{state="waiting"} 2');
    expect(text).toContain('anchore_queue_length{queuename="feed-sync"} 5');
    broken = true;
    expect(await metrics.text()).not.toContain('anchore_queue_length{');
    expect(errors).toHaveLength(1);
    expect(await metrics.text()).toMatch(/windlass_metrics_errors_total [12]/);
  });
});
