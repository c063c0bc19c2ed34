import { Select, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { subscriptionsOperations } from '#contract/subscriptions.ts';
import { useAction } from '../api/operation-action.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { announce } from '../states/announce.ts';
import { SUBSCRIPTION_TYPES, type SubscriptionType } from './subscription-types.ts';

const KEYS: Partial<Record<SubscriptionType, { label: string; placeholder: string }>> = {
  repo_update: { label: 'Repository', placeholder: 'registry.example.com/team/app' },
  runtime_inventory: { label: 'Cluster, or cluster/namespace', placeholder: 'production/payments' },
};
const TAG = { label: 'Tag', placeholder: 'registry.example.com/team/app:1.4' };

/** Form that starts to watch something. */
export function AddSubscriptionDialog({ onClose }: { onClose: () => void }) {
  const [type, setType] = useState<SubscriptionType>('tag_update');
  const [key, setKey] = useState('');
  const add = useAction(subscriptionsOperations.add_subscription, {
    refreshes: [subscriptionsOperations.list_subscriptions],
    onDone: () => {
      announce(`${key.trim()} is watched`);
      onClose();
    },
  });
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="Add subscription"
      submit="Add subscription"
      busy={add.isPending}
      error={add.error}
      disabled={!key.trim()}
      onSubmit={() => add.mutate({ body: { subscription_type: type, subscription_key: key.trim(), active: true } })}
    >
      <Select
        label="For"
        data={Object.entries(SUBSCRIPTION_TYPES).map(([value, { name }]) => ({ value, label: name }))}
        value={type}
        allowDeselect={false}
        onChange={(value) => setType((value as SubscriptionType | null) ?? type)}
      />
      <Text size="sm" c="dimmed">
        {SUBSCRIPTION_TYPES[type].about}
      </Text>
      <TextInput
        {...(KEYS[type] ?? TAG)}
        required
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
