import { PasswordInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { rbacOperations } from '#contract/rbac.ts';
import { usersOperations } from '#contract/users.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { announce } from '../states/announce.ts';

const REFRESHES = [usersOperations.list_users, usersOperations.list_users_with_roles];

/** Form of a new user with a password and a first role. */
export function AddUserDialog({ account, onClose }: { account: string; onClose: () => void }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<string | null>('read-only');
  const roles = useOperation(rbacOperations.list_roles, {}, { staleMs: 600_000 });
  const done = () => {
    announce(`${username} was added`);
    onClose();
  };
  const grant = useAction(rbacOperations.add_role_user, { refreshes: REFRESHES, onDone: done });
  const add = useAction(usersOperations.create_user, {
    refreshes: REFRESHES,
    onDone: () => {
      if (role) grant.mutate({ params: { role_name: role }, body: { username, domain_name: account } });
      else done();
    },
  });
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="Add user"
      submit="Add user"
      busy={add.isPending || grant.isPending}
      error={add.error ?? grant.error}
      onSubmit={() => {
        // the user may be there already, and only the role have failed
        if (add.isSuccess && role)
          grant.mutate({ params: { role_name: role }, body: { username, domain_name: account } });
        else add.mutate({ params: { account_name: account }, body: { username, password, user_type: 'native' } });
      }}
    >
      <TextInput
        label="User name"
        required
        data-autofocus
        autoComplete="off"
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <PasswordInput
        label="Password"
        description="At least six characters."
        required
        minLength={6}
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Select
        label="Role"
        description="More can be given later."
        placeholder="None"
        data={(roles.data ?? []).map(({ name = '' }) => name)}
        value={role}
        onChange={setRole}
        clearable
      />
    </FormDialog>
  );
}
