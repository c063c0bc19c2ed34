import { SegmentedControl, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { ecsOperations } from '#contract/ecs.ts';
import { kubernetesOperations } from '#contract/kubernetes.ts';
import { useOperation } from '../api/operation-query.ts';
import { shortDigest } from '../format/words.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { RuntimeLinks } from './runtime-links.tsx';

/** A container of either runtime. */
interface RunningContainer {
  id: string;
  name: string;
  context: string;
  holder: string;
  tag: string;
  digest: string;
}

const SIZE = 1000;

const COLUMNS: Column<RunningContainer>[] = [
  { id: 'name', title: 'Container', width: 170, value: (row) => row.name, cell: (row) => <b>{row.name}</b> },
  { id: 'context', title: 'Where', least: 170, from: 600, value: (row) => row.context },
  { id: 'image', title: 'Image', least: 220, value: (row) => row.tag },
  { id: 'digest', title: 'Digest', width: 130, mono: true, from: 1000, value: (row) => shortDigest(row.digest) },
  { id: 'holder', title: 'Pod or task', least: 160, mono: true, from: 1200, value: (row) => row.holder },
  { id: 'id', title: 'Id', least: 160, mono: true, from: 1400, value: (row) => row.id },
];

/** Containers as they were reported. */
export function ContainersPage() {
  const [kind, setKind] = useState<'kubernetes' | 'ecs'>('kubernetes');
  const query = { page: '1', page_size: String(SIZE) };
  const pods = useOperation(
    kubernetesOperations.get_kubernetes_containers,
    { query },
    { enabled: kind === 'kubernetes' },
  );
  const tasks = useOperation(ecsOperations.get_ecs_containers, { query }, { enabled: kind === 'ecs' });
  const answer = kind === 'kubernetes' ? pods : tasks;
  const rows = useMemo<RunningContainer[] | undefined>(() => {
    if (kind === 'kubernetes')
      return pods.data?.containers?.map((one) => ({
        id: one.id,
        name: one.name,
        context: one.context,
        holder: one.pod_id,
        tag: one.image_tag,
        digest: one.image_digest,
      }));
    return tasks.data?.containers?.map((one) => ({
      id: one.arn,
      name: one.arn.split('/').at(-1) ?? one.arn,
      context: one.context,
      holder: one.task_arn,
      tag: one.image_tag,
      digest: one.image_digest,
    }));
  }, [kind, pods.data, tasks.data]);
  return (
    <>
      <PageTitle title="Runtime" about="Containers as agents and clusters reported them." />
      <RuntimeLinks />
      <DataTable
        label="Containers"
        columns={COLUMNS}
        rows={answer.data ? (rows ?? []) : undefined}
        rowKey={(row) => row.id}
        error={answer.error}
        retry={() => void answer.refetch()}
        search="Search container, place or image"
        filters={
          <SegmentedControl
            aria-label="Kind of runtime"
            value={kind}
            onChange={(value) => setKind(value as 'ecs')}
            data={[
              { value: 'kubernetes', label: 'Kubernetes' },
              { value: 'ecs', label: 'ECS' },
            ]}
          />
        }
        sort={{ id: 'context', descending: false }}
        csv="windlass-containers"
        empty={<Nothing title={`No ${kind === 'ecs' ? 'ECS' : 'Kubernetes'} container was reported`} />}
        footer={
          (rows?.length ?? 0) >= SIZE ? (
            <Text size="sm" c="dimmed" mt="xs">
              The first {SIZE} containers are listed.
            </Text>
          ) : null
        }
      />
    </>
  );
}
