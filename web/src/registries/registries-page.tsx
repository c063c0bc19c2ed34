import { Anchor, Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { type RegistryConfiguration, registriesOperations } from '#contract/registries.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { announce } from '../states/announce.ts';
import { Badge } from '../states/badge.tsx';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { RegistryDialog } from './registry-dialog.tsx';

function columns(
  edit: ((row: RegistryConfiguration) => void) | undefined,
  mayDelete: boolean,
): Column<RegistryConfiguration>[] {
  return [
    {
      id: 'registry',
      title: 'Registry',
      least: 180,
      value: (row) => row.registry,
      cell: (row) =>
        edit ? (
          <Anchor component="button" type="button" size="sm" fw={600} onClick={() => edit(row)}>
            {row.registry}
          </Anchor>
        ) : (
          <b>{row.registry}</b>
        ),
    },
    { id: 'name', title: 'Name', least: 140, from: 900, value: (row) => row.registry_name },
    { id: 'type', title: 'Kind', width: 120, from: 800, value: (row) => row.registry_type },
    { id: 'user', title: 'User', least: 120, from: 600, value: (row) => row.registry_user },
    {
      id: 'verify',
      title: 'Certificate',
      width: 124,
      from: 700,
      value: (row) => (row.registry_verify === false ? 'not checked' : 'checked'),
      cell: (row) => (row.registry_verify === false ? <Badge tone="medium">Not checked</Badge> : 'Checked'),
    },
    {
      id: 'changed',
      title: 'Changed',
      width: 116,
      align: 'right',
      from: 1000,
      value: (row) => row.last_updated,
      cell: (row) => <Ago time={row.last_updated} />,
    },
    {
      id: 'delete',
      title: '',
      width: 100,
      sortable: false,
      searchable: false,
      value: () => undefined,
      cell: (row) => (mayDelete ? <Delete registry={row.registry ?? ''} /> : null),
    },
  ];
}

/** Credentials for registries. */
export function RegistriesPage() {
  const mayAdd = useMay('createRegistry');
  const mayEdit = useMay('updateRegistry');
  const mayDelete = useMay('deleteRegistry');
  const [shown, setShown] = useState<RegistryConfiguration | 'new'>();
  const list = useOperation(registriesOperations.list_registries, {});
  const shownColumns = useMemo(() => columns(mayEdit ? setShown : undefined, mayDelete), [mayEdit, mayDelete]);
  return (
    <>
      <PageTitle
        title="Registries"
        about="Credentials for registries that do not let everybody in. Passwords are never shown."
      >
        {mayAdd ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setShown('new')}>
            Add registry
          </Button>
        ) : null}
      </PageTitle>
      <DataTable
        label="Registries"
        columns={shownColumns}
        rows={list.data}
        rowKey={(row) => row.registry ?? ''}
        error={list.error}
        retry={() => void list.refetch()}
        search="Search registries"
        sort={{ id: 'registry', descending: false }}
        empty={<Nothing title="No registries">Public images need none.</Nothing>}
      />
      {shown ? (
        <RegistryDialog {...(shown === 'new' ? {} : { registry: shown })} onClose={() => setShown(undefined)} />
      ) : null}
    </>
  );
}

function Delete({ registry }: { registry: string }) {
  const remove = useAction(registriesOperations.delete_registry, {
    refreshes: [registriesOperations.list_registries],
    onDone: () => announce('The registry was deleted'),
  });
  return (
    <ConfirmButton
      size="compact-xs"
      label="Delete"
      name={`Delete ${registry}`}
      title={`Delete ${registry}?`}
      confirm="Delete"
      action={remove}
      onConfirm={(close) => remove.mutate({ params: { registry } }, { onSuccess: close })}
    >
      Images that were analysed stay; new ones are asked for without credentials.
    </ConfirmButton>
  );
}
