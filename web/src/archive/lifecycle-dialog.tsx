import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import {
  type ArtifactLifecyclePolicyResponse,
  artifactLifecyclePoliciesOperations,
} from '#contract/artifact-lifecycle-policies.ts';
import type { Operation } from '#contract/operation.ts';
import { useAction } from '../api/operation-action.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { announce } from '../states/announce.ts';

/** Form of a lifecycle policy, new or stored. */
export function LifecycleDialog(props: {
  policy?: ArtifactLifecyclePolicyResponse;
  refreshes: readonly Operation[];
  onClose: () => void;
}) {
  const { policy, refreshes, onClose } = props;
  const now = policy?.policy_conditions[0];
  const [name, setName] = useState(policy?.name ?? '');
  const [description, setDescription] = useState(policy?.description ?? '');
  const [days, setDays] = useState(String(now?.days_since_analyzed ?? 180));
  const [running, setRunning] = useState(now?.even_if_exists_in_runtime_inventory ?? false);
  const [base, setBase] = useState(now?.include_base_images ?? false);
  const [failed, setFailed] = useState(now?.include_failed_analysis ?? false);
  const [enabled, setEnabled] = useState(policy?.enabled ?? false);
  const onDone = () => {
    announce('Saved');
    onClose();
  };
  const add = useAction(artifactLifecyclePoliciesOperations.create_artifact_lifecycle_policy, { refreshes, onDone });
  const update = useAction(artifactLifecyclePoliciesOperations.update_artifact_lifecycle_policy, {
    refreshes,
    onDone,
  });
  const body = {
    action: 'delete' as const,
    name: name.trim(),
    description,
    enabled,
    policy_conditions: {
      artifact_type: 'image' as const,
      days_since_analyzed: Number(days),
      even_if_exists_in_runtime_inventory: running,
      include_base_images: base,
      include_failed_analysis: failed,
    },
  };
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={policy ? `Lifecycle policy ${policy.name}` : 'Add lifecycle policy'}
      submit={policy ? 'Save' : 'Add policy'}
      busy={add.isPending || update.isPending}
      error={add.error ?? update.error}
      onSubmit={() =>
        policy ? update.mutate({ params: { policy_uuid: policy.uuid ?? '' }, body }) : add.mutate({ body })
      }
    >
      <TextInput
        label="Name"
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
      <TextInput
        label="Delete images analysed more than (days) ago"
        type="number"
        min={0}
        required
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
      />
      <Checkbox
        label="Even if the image runs somewhere"
        checked={running}
        onChange={(event) => setRunning(event.currentTarget.checked)}
      />
      <Checkbox label="Base images too" checked={base} onChange={(event) => setBase(event.currentTarget.checked)} />
      <Checkbox
        label="Images whose analysis failed too"
        checked={failed}
        onChange={(event) => setFailed(event.currentTarget.checked)}
      />
      <Checkbox
        label="Switch it on now"
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}
