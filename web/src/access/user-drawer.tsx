import { Group, PasswordInput, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import type { User } from '#contract/identity.ts';
import { usersOperations } from '#contract/users.ts';
import { useAction } from '../api/operation-action.ts';
import { useMay } from '../session/session.ts';
import { announce } from '../states/announce.ts';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { DetailDrawer } from '../states/detail-drawer.tsx';
import { UserKeys } from './user-keys.tsx';
import { UserRoles } from './user-roles.tsx';

/** One user: roles, API keys, password. */
export function UserDrawer(props: { account: string; user: User | undefined; onClose: () => void }) {
  const { account, user, onClose } = props;
  const mayKeys = useMay('listApiKeys');
  return (
    <DetailDrawer opened={user !== undefined} onClose={onClose} title={user?.username}>
      {user ? (
        <Stack gap="lg">
          <section>
            <Title order={3} mb="xs">
              Roles
            </Title>
            <UserRoles account={account} user={user} />
          </section>
          {mayKeys ? (
            <section>
              <Title order={3} mb="xs">
                API keys
              </Title>
              <UserKeys account={account} username={user.username} />
            </section>
          ) : null}
          <Actions account={account} user={user} onClose={onClose} />
        </Stack>
      ) : null}
    </DetailDrawer>
  );
}

function Actions({ account, user, onClose }: { account: string; user: User; onClose: () => void }) {
  const [password, setPassword] = useState('');
  const mayUpdate = useMay('updateUser');
  const mayDelete = useMay('deleteUser');
  const params = { account_name: account, username: user.username };
  const set = useAction(usersOperations.create_user_credential, {
    refreshes: [usersOperations.list_users, usersOperations.list_users_with_roles],
    onDone: () => announce('The password was set'),
  });
  const remove = useAction(usersOperations.delete_user, {
    refreshes: [usersOperations.list_users, usersOperations.list_users_with_roles],
    onDone: () => {
      announce('The user was deleted');
      onClose();
    },
  });
  return (
    <Group gap="xs">
      {mayUpdate && user.type !== 'saml' ? (
        <ConfirmButton
          label="Set password"
          title={`New password of ${user.username}`}
          confirm="Set password"
          danger={false}
          action={set}
          disabledConfirm={password.length < 6}
          onConfirm={(close) =>
            set.mutate(
              { params, body: { type: 'password', value: password } },
              {
                onSuccess: () => {
                  setPassword('');
                  close();
                },
              },
            )
          }
        >
          <PasswordInput
            label="Password"
            description="At least six characters."
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        </ConfirmButton>
      ) : null}
      {mayDelete ? (
        <ConfirmButton
          label="Delete user"
          title={`Delete ${user.username}?`}
          confirm="Delete"
          action={remove}
          onConfirm={() => remove.mutate({ params })}
        >
          The user's API keys stop working at once.
        </ConfirmButton>
      ) : null}
    </Group>
  );
}
