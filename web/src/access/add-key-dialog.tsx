import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { identityOperations } from '#contract/identity.ts';
import { useAction } from '../api/operation-action.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { Copyable } from '../states/copyable.tsx';
import { Notice } from '../states/notice.tsx';

const DAYS = [
  { value: '7', label: 'A week' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
];

/** Form of a new API key; shows the key once. */
export function AddKeyDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [days, setDays] = useState('90');
  const add = useAction(identityOperations.create_api_key, { refreshes: [identityOperations.list_api_keys] });
  const value = add.data?.value;
  if (value) {
    return (
      <Modal opened onClose={onClose} title={`Key ${name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
        <Stack gap="sm">
          <Notice kind="warning" title="It is shown only now">
            Keep it where the program finds it.
          </Notice>
          <Copyable value={value} label="API key" />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="Add API key"
      submit="Add key"
      busy={add.isPending}
      error={add.error}
      disabled={!name.trim()}
      onSubmit={() => {
        const ends = new Date(Date.now() + Number(days) * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
        add.mutate({ body: { name: name.trim(), description, expires_at: ends } });
      }}
    >
      <TextInput
        label="Name"
        placeholder="pipeline"
        required
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Description"
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Select
        label="Works for"
        data={DAYS}
        value={days}
        allowDeselect={false}
        onChange={(next) => setDays(next ?? days)}
      />
    </FormDialog>
  );
}
