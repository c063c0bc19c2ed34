import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { accountsOperations } from '#contract/accounts.ts';
import { useAction } from '../api/operation-action.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { announce } from '../states/announce.ts';

/** Form of a new account. */
export function AddAccountDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const add = useAction(accountsOperations.create_account, {
    refreshes: [accountsOperations.list_accounts],
    onDone: () => {
      announce(`${name.trim()} was added`);
      onClose();
    },
  });
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="Add account"
      submit="Add account"
      busy={add.isPending}
      error={add.error}
      onSubmit={() => add.mutate({ body: { name: name.trim(), ...(email.trim() ? { email: email.trim() } : {}) } })}
    >
      <TextInput
        label="Name"
        required
        minLength={3}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput label="Mail" type="email" value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
    </FormDialog>
  );
}
