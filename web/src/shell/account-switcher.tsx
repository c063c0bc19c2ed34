import { Select } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { accountsOperations } from '#contract/accounts.ts';
import { useAccountScope } from '../api/account-scope.ts';
import { useOperation } from '../api/operation-query.ts';
import { useSession } from '../session/session.ts';

/** Lets administrators look at another account. Others see nothing. */
export function AccountSwitcher() {
  const session = useSession();
  const { setAccount } = useAccountScope();
  const navigate = useNavigate();
  const accounts = useOperation(accountsOperations.list_accounts, {}, { enabled: session.is_admin, staleMs: 60_000 });
  if (!session.is_admin || (accounts.data?.length ?? 0) < 2) return null;
  const names = accounts.data!.filter((account) => account.state !== 'deleting').map((account) => account.name);
  return (
    <Select
      aria-label="Account"
      data={names}
      value={session.scope_account}
      allowDeselect={false}
      searchable={names.length > 8}
      leftSection={<IconUsersGroup size={16} aria-hidden />}
      w={{ base: 130, sm: 190 }}
      onChange={(name) => {
        setAccount(name === null || name === session.account_name ? undefined : name);
        void navigate({ to: '/images' });
      }}
    />
  );
}
