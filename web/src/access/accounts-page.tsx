import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { accountsOperations } from '#contract/accounts.ts';
import type { Account } from '#contract/identity.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { sentenceCase } from '../format/words.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { announce } from '../states/announce.ts';
import { Badge } from '../states/badge.tsx';
import { ConfirmButton } from '../states/confirm-button.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { AccessLinks } from './access-links.tsx';
import { AddAccountDialog } from './add-account-dialog.tsx';

const TONES = { enabled: 'good', disabled: 'unknown', deleting: 'high' } as const;
const REFRESHES = [accountsOperations.list_accounts];

const COLUMNS: Column<Account>[] = [
  { id: 'name', title: 'Account', least: 150, value: (row) => row.name, cell: (row) => <b>{row.name}</b> },
  {
    id: 'state',
    title: 'State',
    width: 108,
    value: (row) => row.state,
    cell: ({ state }) => (state ? <Badge tone={TONES[state]}>{sentenceCase(state)}</Badge> : null),
  },
  { id: 'mail', title: 'Mail', least: 160, from: 800, value: (row) => row.email },
  { id: 'type', title: 'Kind', width: 100, from: 700, value: (row) => row.type },
  {
    id: 'created',
    title: 'Added',
    width: 116,
    align: 'right',
    from: 900,
    value: (row) => row.created_at,
    cell: (row) => <Ago time={row.created_at} />,
  },
  {
    id: 'change',
    title: '',
    width: 156,
    sortable: false,
    searchable: false,
    value: () => undefined,
    cell: (row) => <Change account={row} />,
  },
];

/** Accounts of the installation. */
export function AccountsPage() {
  const [adding, dialog] = useDisclosure(false);
  const accounts = useOperation(
    accountsOperations.list_accounts,
    { query: {} },
    { every: (list) => (list?.some(({ state }) => state === 'deleting') ? 3_000 : false) },
  );
  return (
    <>
      <PageTitle title="Users and keys" about="Accounts keep their images, policies and users apart.">
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
          Add account
        </Button>
      </PageTitle>
      <AccessLinks />
      <DataTable
        label="Accounts"
        columns={COLUMNS}
        rows={accounts.data}
        rowKey={(row) => row.name}
        error={accounts.error}
        retry={() => void accounts.refetch()}
        search="Search accounts"
        sort={{ id: 'name', descending: false }}
      />
      {adding ? <AddAccountDialog onClose={dialog.close} /> : null}
    </>
  );
}

/** An enabled account can be disabled; a disabled one can be deleted or enabled. */
function Change({ account }: { account: Account }) {
  const { name, state, type } = account;
  const set = useAction(accountsOperations.update_account_state, { refreshes: REFRESHES });
  const remove = useAction(accountsOperations.delete_account, {
    refreshes: REFRESHES,
    onDone: () => announce('The account is being deleted'),
  });
  if (type === 'admin' || type === 'service' || state === 'deleting') return null;
  const params = { account_name: name };
  if (state === 'enabled') {
    return (
      <ConfirmButton
        size="compact-xs"
        label="Disable"
        name={`Disable ${name}`}
        title={`Disable ${name}?`}
        confirm="Disable"
        action={set}
        onConfirm={(close) => set.mutate({ params, body: { state: 'disabled' } }, { onSuccess: close })}
      >
        Its users cannot sign in until it is enabled again. Afterwards it can be deleted.
      </ConfirmButton>
    );
  }
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`Enable ${name}`}
        loading={set.isPending}
        onClick={() => set.mutate({ params, body: { state: 'enabled' } })}
      >
        Enable
      </Button>{' '}
      <ConfirmButton
        size="compact-xs"
        label="Delete"
        name={`Delete ${name}`}
        title={`Delete ${name}?`}
        confirm="Delete"
        action={remove}
        onConfirm={(close) => remove.mutate({ params }, { onSuccess: close })}
      >
        Its images, policies, users and everything else of it are deleted. There is no way back.
      </ConfirmButton>
    </>
  );
}
