import { ActionIcon, Button, Group, Paper, Select, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { Allowlist, AllowlistItem, Policy } from '#contract/policies.ts';
import { gateChoices, useGates } from './gates.ts';
import { freshId, newAllowlist, withoutPart, withPart } from './policy-parts.ts';

/** Findings that a policy lets pass. */
export function Allowlists({ policy, onChange }: { policy: Policy; onChange: (policy: Policy) => void }) {
  const lists = policy.allowlists ?? [];
  const change = (next: Allowlist[]) => onChange({ ...policy, allowlists: next });
  return (
    <Stack gap="md">
      {lists.map((list) => (
        <AllowlistEditor
          key={list.id}
          list={list}
          onChange={(next) => change(withPart(lists, next))}
          onDelete={() => change(withoutPart(lists, list.id))}
        />
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => change([...lists, newAllowlist(lists.length)])}
        >
          Add allowlist
        </Button>
      </div>
    </Stack>
  );
}

function AllowlistEditor(props: { list: Allowlist; onChange: (list: Allowlist) => void; onDelete: () => void }) {
  const { list, onChange } = props;
  const change = (item: AllowlistItem) => onChange({ ...list, items: withPart(list.items, item) });
  return (
    <Paper p="md">
      <Group gap="sm" align="flex-end" mb="sm">
        <TextInput
          label="Name of the allowlist"
          value={list.name}
          onChange={(event) => onChange({ ...list, name: event.currentTarget.value })}
          style={{ flex: '1 1 14rem' }}
        />
        <Button variant="default" onClick={props.onDelete} aria-label={`Delete list ${list.name}`}>
          Delete list
        </Button>
      </Group>
      <Stack gap="xs">
        {list.items.map((item) => (
          <Item
            key={item.id}
            item={item}
            onChange={change}
            onDelete={() => onChange({ ...list, items: withoutPart(list.items, item.id) })}
          />
        ))}
      </Stack>
      <Button
        size="compact-sm"
        variant="default"
        mt="xs"
        aria-label={`Add entry to ${list.name}`}
        onClick={() =>
          onChange({ ...list, items: [...list.items, { id: freshId(), gate: 'vulnerabilities', trigger_id: '' }] })
        }
      >
        Add entry
      </Button>
    </Paper>
  );
}

function Item(props: { item: AllowlistItem; onChange: (item: AllowlistItem) => void; onDelete: () => void }) {
  const { item, onChange } = props;
  const gates = useGates() ?? [];
  return (
    <Group gap="xs" align="flex-end">
      <Select
        aria-label="Gate"
        data={gateChoices(gates, item.gate)}
        value={item.gate}
        searchable
        allowDeselect={false}
        onChange={(gate) => onChange({ ...item, gate: gate ?? item.gate })}
        w={180}
      />
      <TextInput
        aria-label="Trigger id"
        placeholder="CVE-2026-1234+openssl, or CVE-2026-*"
        value={item.trigger_id}
        onChange={(event) => onChange({ ...item, trigger_id: event.currentTarget.value })}
        style={{ flex: '1 1 14rem' }}
      />
      <TextInput
        aria-label="Ends"
        title="The day on which the entry ends; empty for never"
        type="date"
        value={item.expires_on?.slice(0, 10) ?? ''}
        onChange={(event) => {
          const { expires_on: _, ...rest } = item;
          const day = event.currentTarget.value;
          onChange(day ? { ...rest, expires_on: `${day}T00:00:00Z` } : rest);
        }}
        w={150}
      />
      <TextInput
        aria-label="Why"
        placeholder="Why"
        value={item.description ?? ''}
        onChange={(event) => onChange({ ...item, description: event.currentTarget.value })}
        style={{ flex: '1 1 10rem' }}
      />
      <ActionIcon
        variant="subtle"
        color="red"
        size="lg"
        aria-label={`Delete the entry ${item.trigger_id}`}
        onClick={props.onDelete}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
