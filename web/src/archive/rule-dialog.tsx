import { Checkbox, Group, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { archivesOperations } from '#contract/archives.ts';
import type { Operation } from '#contract/operation.ts';
import { useAction } from '../api/operation-action.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { useSession } from '../session/session.ts';
import { announce } from '../states/announce.ts';

/** Form of a rule of the archive. */
export function RuleDialog({ refreshes, onClose }: { refreshes: readonly Operation[]; onClose: () => void }) {
  const { is_admin } = useSession();
  const [transition, setTransition] = useState<'archive' | 'delete'>('archive');
  const [registry, setRegistry] = useState('*');
  const [repository, setRepository] = useState('*');
  const [days, setDays] = useState('90');
  const [newer, setNewer] = useState('');
  const [most, setMost] = useState('');
  const [running, setRunning] = useState('');
  const [global, setGlobal] = useState(false);
  const add = useAction(archivesOperations.create_analysis_archive_rule, {
    refreshes,
    onDone: () => {
      announce('The rule was added');
      onClose();
    },
  });
  function submit(): void {
    add.mutate({
      body: {
        transition,
        selector: { registry: registry.trim() || '*', repository: repository.trim() || '*' },
        analysis_age_days: Number(days) || 0,
        tag_versions_newer: Number(newer) || 0,
        ...(Number(most) ? { max_images_per_account: Number(most) } : {}),
        ...(Number(running) ? { exclude: { last_seen_in_days: Number(running) } } : {}),
        system_global: global,
      },
    });
  }
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="Add rule"
      submit="Add rule"
      busy={add.isPending}
      error={add.error}
      onSubmit={submit}
    >
      <SegmentedControl
        aria-label="What the rule does"
        value={transition}
        onChange={(value) => setTransition(value as 'archive')}
        data={[
          { value: 'archive', label: 'Archive' },
          { value: 'delete', label: 'Delete from archive' },
        ]}
      />
      <Group gap="sm" grow>
        <TextInput label="Registry" value={registry} onChange={(event) => setRegistry(event.currentTarget.value)} />
        <TextInput
          label="Repository"
          value={repository}
          onChange={(event) => setRepository(event.currentTarget.value)}
        />
      </Group>
      <TextInput
        label="Analysed more than (days) ago"
        type="number"
        min={0}
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
      />
      <TextInput
        label="At least so many newer images under the tag"
        type="number"
        min={0}
        value={newer}
        onChange={(event) => setNewer(event.currentTarget.value)}
      />
      <TextInput
        label="Only while the account has more images than"
        type="number"
        min={0}
        value={most}
        onChange={(event) => setMost(event.currentTarget.value)}
      />
      {transition === 'archive' ? (
        <TextInput
          label="Not images that ran within (days)"
          type="number"
          min={0}
          value={running}
          onChange={(event) => setRunning(event.currentTarget.value)}
        />
      ) : null}
      {is_admin ? (
        <Checkbox
          label="In all accounts"
          checked={global}
          onChange={(event) => setGlobal(event.currentTarget.checked)}
        />
      ) : null}
    </FormDialog>
  );
}
