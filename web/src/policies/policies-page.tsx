import { Anchor, Button, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type PolicyRecord, policiesOperations } from '#contract/policies.ts';
import { useOperation } from '../api/operation-query.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { ActiveMark } from './active-mark.tsx';
import { PolicyDrawer } from './policy-drawer.tsx';

const route = getRouteApi('/app/policies');

const COLUMNS: Column<PolicyRecord>[] = [
  {
    id: 'name',
    title: 'Policy',
    value: (policy) => policy.name,
    cell: (policy) => (
      <Group gap="xs" wrap="nowrap">
        <Anchor
          fw={600}
          size="sm"
          className="truncate"
          renderRoot={(props) => <Link to="/policies" search={{ policy: policy.policy_id }} {...props} />}
        >
          {policy.name}
        </Anchor>
        {policy.active ? <ActiveMark /> : null}
      </Group>
    ),
  },
  {
    id: 'description',
    title: 'Description',
    from: 900,
    value: (policy) => policy.description || policy.policy?.description,
  },
  {
    id: 'rules',
    title: 'Rules',
    width: 90,
    align: 'right',
    value: (policy) => (policy.policy?.rule_sets ?? []).reduce((sum, set) => sum + set.rules.length, 0),
  },
  {
    id: 'allowed',
    title: 'Allowlist entries',
    width: 140,
    align: 'right',
    from: 1100,
    value: (policy) => (policy.policy?.allowlists ?? []).reduce((sum, list) => sum + list.items.length, 0),
  },
  {
    id: 'mappings',
    title: 'Mappings',
    width: 104,
    align: 'right',
    from: 800,
    value: (policy) => policy.policy?.mappings.length,
  },
  {
    id: 'updated',
    title: 'Changed',
    width: 120,
    align: 'right',
    descendingFirst: true,
    value: (policy) => policy.last_updated,
    cell: (policy) => <Ago time={policy.last_updated} />,
  },
];

/** Policies of the account. */
export function PoliciesPage() {
  const { policy: wanted } = route.useSearch();
  const navigate = useNavigate();
  const mayAdd = useMay('createPolicy');
  const policies = useOperation(policiesOperations.list_policies, { query: { detail: true } });
  return (
    <>
      <PageTitle title="Policies" about="The active policy gives the verdict of every image in this account.">
        {mayAdd ? (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/policies/$policy" params={{ policy: 'new' }} {...props} />}
          >
            Add policy
          </Button>
        ) : null}
      </PageTitle>
      <DataTable
        label="Policies"
        columns={COLUMNS}
        rows={policies.data}
        rowKey={(policy) => policy.policy_id}
        error={policies.error}
        retry={() => void policies.refetch()}
        sort={{ id: 'name', descending: false }}
        onRowClick={(policy) => void navigate({ to: '/policies', search: { policy: policy.policy_id } })}
      />
      <PolicyDrawer
        record={policies.data?.find((policy) => policy.policy_id === wanted)}
        onClose={() => void navigate({ to: '/policies', search: {} })}
      />
    </>
  );
}
