import { Anchor, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { User } from '#contract/identity.ts';
import { usersOperations } from '#contract/users.ts';
import { useOperation } from '../api/operation-query.ts';
import { useMay, useSession } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { AccessLinks } from './access-links.tsx';
import { AddUserDialog } from './add-user-dialog.tsx';
import { UserDrawer } from './user-drawer.tsx';

/** Roles of a user in words; those of other accounts with their account. */
function roles(user: User, account: string): string {
  return (user.unified_roles ?? [])
    .map(({ role_name, domain_name }) => (domain_name === account ? role_name : `${role_name} of ${domain_name}`))
    .join(', ');
}

function columns(account: string, open: (name: string) => void): Column<User>[] {
  return [
    {
      id: 'name',
      title: 'User',
      least: 150,
      value: (user) => user.username,
      cell: (user) => (
        <Anchor component="button" type="button" size="sm" fw={600} onClick={() => open(user.username)}>
          {user.username}
        </Anchor>
      ),
    },
    { id: 'roles', title: 'Roles', least: 180, value: (user) => roles(user, account) },
    {
      id: 'type',
      title: 'Signs in by',
      width: 136,
      from: 700,
      value: (user) => (user.type === 'saml' ? (user.idp_name ?? 'single sign-on') : 'password'),
    },
    {
      id: 'password',
      title: 'Password set',
      width: 130,
      align: 'right',
      from: 1000,
      value: (user) => user.password_last_updated ?? undefined,
      cell: (user) => <Ago time={user.password_last_updated ?? undefined} />,
    },
    {
      id: 'created',
      title: 'Added',
      width: 116,
      align: 'right',
      from: 800,
      value: (user) => user.created_at,
      cell: (user) => <Ago time={user.created_at} />,
    },
  ];
}

/** Users of the account of the page. */
export function UsersPage() {
  const { scope_account: account } = useSession();
  const mayAdd = useMay('createUser');
  const [adding, dialog] = useDisclosure(false);
  const [shown, setShown] = useState<string>();
  const params = { account_name: account };
  const users = useOperation(usersOperations.list_users, { params });
  const holders = useOperation(
    usersOperations.list_users_with_roles,
    { params },
    { enabled: useMay('listAccountUsersWithRoles') },
  );
  const shownColumns = useMemo(() => columns(account, setShown), [account]);
  // who has no role is in the first list alone
  const items = useMemo(
    () => users.data?.map((user) => holders.data?.items?.find(({ username }) => username === user.username) ?? user),
    [users.data, holders.data],
  );
  return (
    <>
      <PageTitle title="Users and keys" about={`Users of the account ${account}.`}>
        {mayAdd ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
            Add user
          </Button>
        ) : null}
      </PageTitle>
      <AccessLinks />
      <DataTable
        label="Users"
        columns={shownColumns}
        rows={items}
        rowKey={(user) => user.username}
        error={users.error}
        retry={() => void users.refetch()}
        search="Search user or role"
        sort={{ id: 'name', descending: false }}
        onRowClick={(user) => setShown(user.username)}
        csv="windlass-users"
        empty={<Nothing title="The account has no users" />}
      />
      {adding ? <AddUserDialog account={account} onClose={dialog.close} /> : null}
      <UserDrawer
        account={account}
        user={items?.find(({ username }) => username === shown)}
        onClose={() => setShown(undefined)}
      />
    </>
  );
}
