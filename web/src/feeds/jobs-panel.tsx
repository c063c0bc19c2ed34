import { SegmentedControl, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { windlassOperations } from '#contract/windlass.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { announce, announceError } from '../states/announce.ts';
import { Nothing } from '../states/nothing.tsx';
import { DataTable } from '../table/data-table.tsx';
import { isOpen, jobColumns } from './job-columns.tsx';

/** Background work: what runs, what waits, what ended. */
export function JobsPanel() {
  const [shown, setShown] = useState('open');
  const jobs = useOperation(
    windlassOperations.list_jobs,
    { query: { limit: 500 } },
    {
      every: (data) => (data?.items.some(isOpen) ? 2000 : 10_000),
    },
  );
  const cancel = useAction(windlassOperations.cancel_job, { refreshes: [windlassOperations.list_jobs] });
  const { mutate } = cancel;
  const columns = useMemo(
    () =>
      jobColumns((job) =>
        mutate(
          { params: { job_id: job.id } },
          {
            onSuccess: () => announce('The job is cancelled'),
            onError: (error) => announceError(error),
          },
        ),
      ),
    [mutate],
  );
  const items = jobs.data?.items;
  const rows = useMemo(
    () => items?.filter((job) => (shown === 'all' ? true : shown === 'open' ? isOpen(job) : job.state === 'failed')),
    [items, shown],
  );
  return (
    <section>
      <Title order={2} mb="sm">
        Jobs
      </Title>
      <DataTable
        label="Jobs"
        columns={columns}
        rows={rows}
        rowKey={(job) => job.id}
        error={jobs.error}
        retry={() => void jobs.refetch()}
        search="Search jobs"
        filters={
          <SegmentedControl
            aria-label="Which jobs"
            value={shown}
            onChange={setShown}
            data={[
              { value: 'open', label: 'Open' },
              { value: 'failed', label: 'Failed' },
              { value: 'all', label: 'All' },
            ]}
          />
        }
        empty={<Nothing title={shown === 'open' ? 'Nothing is running' : 'No such jobs'} />}
        maxHeight="32rem"
      />
    </section>
  );
}
