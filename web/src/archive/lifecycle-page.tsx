import { Anchor, Button, Switch } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import {
  type ArtifactLifecyclePolicyResponse,
  artifactLifecyclePoliciesOperations,
} from '#contract/artifact-lifecycle-policies.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { plural } from '../format/words.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { announce, announceError } from '../states/announce.ts';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { ArchiveLinks } from './archive-links.tsx';
import { LifecycleDialog } from './lifecycle-dialog.tsx';

type LifecyclePolicy = ArtifactLifecyclePolicyResponse;
const REFRESHES = [artifactLifecyclePoliciesOperations.list_artifact_lifecycle_policies];

function condition(policy: LifecyclePolicy): string {
  const [now] = policy.policy_conditions;
  if (!now) return '';
  const parts = [
    `analysed more than ${plural(now.days_since_analyzed, 'day')} ago`,
    now.even_if_exists_in_runtime_inventory ? 'even if it runs' : 'not running',
    now.include_base_images ? 'base images too' : '',
    now.include_failed_analysis ? 'failed analyses too' : '',
  ];
  return parts.filter(Boolean).join(', ');
}

function columns(edit: (policy: LifecyclePolicy) => void): Column<LifecyclePolicy>[] {
  return [
    {
      id: 'name',
      title: 'Policy',
      least: 150,
      value: (row) => row.name,
      cell: (row) => (
        <Anchor component="button" type="button" size="sm" fw={600} onClick={() => edit(row)}>
          {row.name}
        </Anchor>
      ),
    },
    { id: 'when', title: 'Deletes images', least: 240, from: 600, wrap: true, value: condition },
    { id: 'enabled', title: 'On', width: 80, value: (row) => row.enabled, cell: (row) => <Enabled policy={row} /> },
    {
      id: 'delete',
      title: '',
      width: 100,
      sortable: false,
      searchable: false,
      value: () => undefined,
      cell: (row) => <Delete policy={row} />,
    },
  ];
}

/** Policies that delete images in all accounts. */
export function LifecyclePage() {
  const mayAdd = useMay('createArtifactLifecyclePolicy', 'system');
  const [shown, setShown] = useState<LifecyclePolicy | 'new'>();
  const list = useOperation(artifactLifecyclePoliciesOperations.list_artifact_lifecycle_policies, {});
  const shownColumns = useMemo(() => columns(setShown), []);
  return (
    <>
      <PageTitle
        title="Archive"
        about="Lifecycle policies delete old images of all accounts. What they delete does not come back."
      >
        {mayAdd ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setShown('new')}>
            Add policy
          </Button>
        ) : null}
      </PageTitle>
      <ArchiveLinks />
      <DataTable
        label="Lifecycle policies"
        columns={shownColumns}
        rows={list.data ? (list.data.items ?? []) : undefined}
        rowKey={(row) => row.uuid ?? ''}
        error={list.error}
        retry={() => void list.refetch()}
        sort={{ id: 'name', descending: false }}
        empty={<Nothing title="No lifecycle policies">Nothing is deleted by itself.</Nothing>}
      />
      {shown ? (
        <LifecycleDialog
          {...(shown === 'new' ? {} : { policy: shown })}
          refreshes={REFRESHES}
          onClose={() => setShown(undefined)}
        />
      ) : null}
    </>
  );
}

function Enabled({ policy }: { policy: LifecyclePolicy }) {
  const may = useMay('updateArtifactLifecyclePolicy', 'system');
  const update = useAction(artifactLifecyclePoliciesOperations.update_artifact_lifecycle_policy, {
    refreshes: REFRESHES,
  });
  const [conditions] = policy.policy_conditions;
  return (
    <Switch
      aria-label={`${policy.name} is on`}
      checked={policy.enabled === true}
      disabled={!may || !conditions}
      onChange={(event) => {
        if (!conditions) return;
        const { version: _, ...rest } = conditions;
        update.mutate(
          {
            params: { policy_uuid: policy.uuid ?? '' },
            body: {
              action: 'delete',
              name: policy.name,
              ...(policy.description ? { description: policy.description } : {}),
              enabled: event.currentTarget.checked,
              policy_conditions: rest,
            },
          },
          { onError: (error) => announceError(error) },
        );
      }}
    />
  );
}

function Delete({ policy }: { policy: LifecyclePolicy }) {
  const may = useMay('deleteArtifactLifecyclePolicy', 'system');
  const remove = useAction(artifactLifecyclePoliciesOperations.delete_artifact_lifecycle_policy, {
    refreshes: REFRESHES,
    onDone: () => announce('The lifecycle policy was deleted'),
  });
  if (!may) return null;
  return (
    <ConfirmButton
      size="compact-xs"
      label="Delete"
      name={`Delete ${policy.name}`}
      title={`Delete ${policy.name}?`}
      confirm="Delete"
      action={remove}
      onConfirm={(close) => remove.mutate({ params: { policy_uuid: policy.uuid ?? '' } }, { onSuccess: close })}
    >
      Images that it deleted do not come back.
    </ConfirmButton>
  );
}
