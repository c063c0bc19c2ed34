import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { identityOperations, type UserApiKey } from '#contract/identity.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { sentenceCase } from '../format/words.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { announce } from '../states/announce.ts';
import { Badge } from '../states/badge.tsx';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { AccessLinks } from './access-links.tsx';
import { AddKeyDialog } from './add-key-dialog.tsx';

const TONES = { active: 'good', expired: 'unknown', revoked: 'critical' } as const;
const REFRESHES = [identityOperations.list_api_keys];

const COLUMNS: Column<UserApiKey>[] = [
  { id: 'name', title: 'Key', least: 150, value: (key) => key.name, cell: (key) => <b>{key.name}</b> },
  {
    id: 'state',
    title: 'State',
    width: 104,
    value: (key) => key.status,
    cell: ({ status }) => (status ? <Badge tone={TONES[status]}>{sentenceCase(status)}</Badge> : null),
  },
  { id: 'about', title: 'Description', least: 150, from: 800, value: (key) => key.description },
  {
    id: 'created',
    title: 'Added',
    width: 116,
    align: 'right',
    from: 900,
    value: (key) => key.created_at,
    cell: (key) => <Ago time={key.created_at} />,
  },
  {
    id: 'ends',
    title: 'Ends',
    width: 116,
    align: 'right',
    from: 500,
    value: (key) => key.expires_at,
    cell: (key) => <Ago time={key.expires_at} />,
  },
  {
    id: 'end',
    title: '',
    width: 104,
    sortable: false,
    searchable: false,
    value: () => undefined,
    cell: (key) => <End apiKey={key} />,
  },
];

/** API keys of the user who is signed in. */
export function KeysPage() {
  const [adding, dialog] = useDisclosure(false);
  const keys = useOperation(identityOperations.list_api_keys, {});
  return (
    <>
      <PageTitle
        title="Users and keys"
        about="Keys for programs that act in your name. User name “_api_key”, the key as password."
      >
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
          Add key
        </Button>
      </PageTitle>
      <AccessLinks />
      <DataTable
        label="API keys"
        columns={COLUMNS}
        rows={keys.data ? (keys.data.items ?? []) : undefined}
        rowKey={(key) => key.name}
        error={keys.error}
        retry={() => void keys.refetch()}
        search="Search keys"
        sort={{ id: 'name', descending: false }}
        empty={<Nothing title="No API keys">A program needs one to use the API without your password.</Nothing>}
      />
      {adding ? <AddKeyDialog onClose={dialog.close} /> : null}
    </>
  );
}

/** An active key can be revoked, one that has ended can be deleted. */
function End({ apiKey }: { apiKey: UserApiKey }) {
  const revoke = useAction(identityOperations.patch_api_key, {
    refreshes: REFRESHES,
    onDone: () => announce('The key was revoked'),
  });
  const remove = useAction(identityOperations.delete_api_key, {
    refreshes: REFRESHES,
    onDone: () => announce('The key was deleted'),
  });
  const params = { key_name: apiKey.name };
  const active = apiKey.status === 'active';
  const word = active ? 'Revoke' : 'Delete';
  return (
    <ConfirmButton
      size="compact-xs"
      label={word}
      name={`${word} ${apiKey.name}`}
      title={`${word} ${apiKey.name}?`}
      confirm={word}
      action={active ? revoke : remove}
      onConfirm={(close) =>
        active
          ? revoke.mutate({ params, body: { status: 'revoked' } }, { onSuccess: close })
          : remove.mutate({ params }, { onSuccess: close })
      }
    >
      {active ? 'It stops working at once and cannot be used again.' : 'It is no longer listed.'}
    </ConfirmButton>
  );
}
