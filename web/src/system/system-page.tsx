import { Group, Paper, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type Service, systemOperations } from '#contract/system.ts';
import { useOperation } from '../api/operation-query.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Answer } from '../states/answer.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import classes from './system.module.css';

const COLUMNS: Column<Service>[] = [
  {
    id: 'service',
    title: 'Service',
    width: 190,
    value: (service) => service.service_name,
    cell: (service) => <b>{service.service_name}</b>,
  },
  {
    id: 'status',
    title: 'State',
    width: 110,
    value: (service) => (service.status ? 'Up' : 'Down'),
    cell: (service) => <State up={service.status === true} />,
  },
  { id: 'host', title: 'Host', value: (service) => service.host_id },
  { id: 'url', title: 'Address', from: 1000, mono: true, value: (service) => service.base_url },
  {
    id: 'message',
    title: 'Message',
    from: 800,
    value: (service) => service.service_detail?.message || service.status_message,
  },
  {
    id: 'version',
    title: 'Version',
    width: 100,
    from: 700,
    value: (service) => service.service_detail?.version ?? service.version,
  },
];

/** Services of the installation and their versions. */
export function SystemPage() {
  const services = useOperation(systemOperations.get_service_detail, {}, { every: () => 10_000 });
  const version = useOperation(systemOperations.version_check, {}, { staleMs: 60_000 });
  return (
    <>
      <PageTitle title="System" />
      <Paper p="md" mb="lg">
        <Answer of={version}>
          {({ service, api, db }) => (
            <Group gap="xl">
              <Version name="Windlass">{service?.version}</Version>
              <Version name="API">{api?.version}</Version>
              <Version name="Database schema">{db?.schema_version}</Version>
            </Group>
          )}
        </Answer>
      </Paper>
      <DataTable
        label="Services"
        columns={COLUMNS}
        rows={services.data ? (services.data.service_states ?? []) : undefined}
        rowKey={(service) => `${service.host_id} ${service.service_name}`}
        error={services.error}
        retry={() => void services.refetch()}
        sort={{ id: 'service', descending: false }}
      />
    </>
  );
}

function Version({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text fw={600}>{children ?? 'Unknown'}</Text>
    </div>
  );
}

function State({ up }: { up: boolean }) {
  const Icon = up ? IconCircleCheck : IconCircleX;
  return (
    <span className={classes.state} style={{ color: up ? 'var(--good-text)' : 'var(--critical-text)' }}>
      <Icon size={16} aria-hidden />
      {up ? 'Up' : 'Down'}
    </span>
  );
}
