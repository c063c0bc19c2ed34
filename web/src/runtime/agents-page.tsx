import { Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { type IntegrationSummary, integrationsOperations } from '#contract/integrations.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { formatDuration } from '../format/time.ts';
import { sentenceCase } from '../format/words.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { announce } from '../states/announce.ts';
import { Badge } from '../states/badge.tsx';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { DetailDrawer } from '../states/detail-drawer.tsx';
import { Fact, Facts } from '../states/facts.tsx';
import { JsonView } from '../states/json-view.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { RuntimeLinks } from './runtime-links.tsx';

const HEALTH = { healthy: 'good', unhealthy: 'critical' } as const;
const LIFE = { active: 'good', registered: 'low', inactive: 'high' } as const;

const COLUMNS: Column<IntegrationSummary>[] = [
  {
    id: 'name',
    title: 'Agent',
    least: 160,
    value: (agent) => agent.name ?? agent.registration_id,
    cell: (agent) => <b>{agent.name || agent.registration_id}</b>,
  },
  {
    id: 'state',
    title: 'State',
    width: 116,
    value: (agent) => agent.integration_status?.state,
    cell: ({ integration_status: status }) =>
      status?.state ? <Badge tone={LIFE[status.state]}>{sentenceCase(status.state)}</Badge> : null,
  },
  {
    id: 'health',
    title: 'Health',
    width: 130,
    value: (agent) => agent.reported_status?.state ?? 'not reported',
    cell: ({ reported_status: status }) =>
      status?.state ? (
        <Badge tone={HEALTH[status.state]}>{sentenceCase(status.state)}</Badge>
      ) : (
        <Badge tone="unknown">Not reported</Badge>
      ),
  },
  { id: 'cluster', title: 'Cluster', least: 130, from: 700, value: (agent) => agent.cluster_name },
  { id: 'version', title: 'Version', width: 100, from: 900, value: (agent) => agent.version },
  { id: 'user', title: 'User', width: 130, from: 1100, value: (agent) => agent.username },
  {
    id: 'seen',
    title: 'Last seen',
    width: 116,
    align: 'right',
    from: 600,
    descendingFirst: true,
    value: (agent) => agent.last_seen,
    cell: (agent) => <Ago time={agent.last_seen} />,
  },
];

/** Agents that registered here, and how they fare. */
export function AgentsPage() {
  const [shown, setShown] = useState<string>();
  const agents = useOperation(integrationsOperations.list_integrations, { query: {} }, { every: () => 15_000 });
  const items = agents.data?.items ?? [];
  return (
    <>
      <PageTitle title="Runtime" about="Agents that report what runs in a cluster." />
      <RuntimeLinks />
      <DataTable
        label="Agents"
        columns={COLUMNS}
        rows={agents.data ? items : undefined}
        rowKey={(agent) => agent.uuid ?? ''}
        error={agents.error}
        retry={() => void agents.refetch()}
        search="Search agents"
        sort={{ id: 'name', descending: false }}
        onRowClick={(agent) => setShown(agent.uuid)}
        empty={
          <Nothing title="No agent has registered">
            Agents that report without registering are not listed here; what they reported is.
          </Nothing>
        }
      />
      <AgentDrawer agent={items.find((agent) => agent.uuid === shown)} onClose={() => setShown(undefined)} />
    </>
  );
}

function AgentDrawer({ agent, onClose }: { agent: IntegrationSummary | undefined; onClose: () => void }) {
  const mayDelete = useMay('deleteIntegration');
  const remove = useAction(integrationsOperations.delete_integration, {
    refreshes: [integrationsOperations.list_integrations],
    onDone: () => {
      announce('The agent was forgotten');
      onClose();
    },
  });
  const status = agent?.integration_status;
  const health = agent?.reported_status;
  return (
    <DetailDrawer opened={agent !== undefined} onClose={onClose} title={agent?.name || agent?.registration_id}>
      {agent ? (
        <Stack gap="lg">
          <Facts>
            <Fact name="State">{status?.state ? sentenceCase(status.state) : null}</Fact>
            <Fact name="Why">{status?.reason}</Fact>
            <Fact name="Since">{status?.updated_at ? <Ago time={status.updated_at} /> : null}</Fact>
            <Fact name="Health">{health?.state ? sentenceCase(health.state) : 'Not reported'}</Fact>
            <Fact name="Why this health">{health?.reason}</Fact>
            <Fact name="Cluster">{agent.cluster_name}</Fact>
            <Fact name="Namespace of the agent">{agent.namespace}</Fact>
            <Fact name="Version">{agent.version}</Fact>
            <Fact name="User">{agent.username}</Fact>
            <Fact name="Accounts">{(agent.accounts ?? agent.explicitly_account_bound)?.join(', ')}</Fact>
            <Fact name="Reports its health every">
              {agent.health_report_interval ? `${agent.health_report_interval} s` : null}
            </Fact>
            <Fact name="Running for">{agent.uptime === undefined ? null : formatDuration(agent.uptime * 1000)}</Fact>
            <Fact name="Id">
              <span className="mono">{agent.uuid}</span>
            </Fact>
          </Facts>
          {health?.details && Object.keys(health.details).length > 0 ? (
            <JsonView value={health.details} label="Details of the health" />
          ) : null}
          {mayDelete ? (
            <Group>
              <ConfirmButton
                label="Forget"
                title="Forget this agent?"
                confirm="Forget"
                action={remove}
                onConfirm={() =>
                  remove.mutate({ params: { integration_uuid: agent.uuid ?? '' }, query: { force: true } })
                }
              >
                It is listed again when it registers again. What it reported stays until it expires.
              </ConfirmButton>
            </Group>
          ) : null}
        </Stack>
      ) : null}
    </DetailDrawer>
  );
}
