import { ActionIcon, Button, Group, MultiSelect, Paper, Stack, Text, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus } from '@tabler/icons-react';
import type { MappingRule, Policy } from '#contract/policies.ts';
import { ImageReferenceFields } from './image-reference-fields.tsx';
import { movedPart, newMapping, withoutPart, withPart } from './policy-parts.ts';

/** Which rules judge which images. The first mapping that fits counts. */
export function Mappings({ policy, onChange }: { policy: Policy; onChange: (policy: Policy) => void }) {
  const { mappings } = policy;
  const change = (next: MappingRule[]) => onChange({ ...policy, mappings: next });
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        The first mapping that fits an image's tag chooses its rules. * stands for any text.
      </Text>
      {mappings.map((mapping, index) => (
        <Paper key={mapping.id} p="md">
          <Group gap="xs" align="flex-end" mb="xs">
            <TextInput
              label={`Mapping ${index + 1}`}
              value={mapping.name}
              onChange={(event) => change(withPart(mappings, { ...mapping, name: event.currentTarget.value }))}
              style={{ flex: '1 1 12rem' }}
            />
            <ActionIcon
              variant="default"
              size="lg"
              disabled={index === 0}
              aria-label={`Move ${mapping.name} up`}
              onClick={() => change(movedPart(mappings, mapping.id, -1))}
            >
              <IconArrowUp size={16} aria-hidden />
            </ActionIcon>
            <ActionIcon
              variant="default"
              size="lg"
              disabled={index === mappings.length - 1}
              aria-label={`Move ${mapping.name} down`}
              onClick={() => change(movedPart(mappings, mapping.id, 1))}
            >
              <IconArrowDown size={16} aria-hidden />
            </ActionIcon>
            <Button
              variant="default"
              aria-label={`Delete the mapping ${mapping.name}`}
              onClick={() => change(withoutPart(mappings, mapping.id))}
            >
              Delete
            </Button>
          </Group>
          <ImageReferenceFields
            value={mapping}
            onChange={(selection) => change(withPart(mappings, { ...mapping, ...selection }))}
          />
          <Group gap="xs" mt="xs" grow>
            <MultiSelect
              label="Rule sets"
              data={policy.rule_sets.map(({ id, name }) => ({ value: id, label: name }))}
              value={mapping.rule_set_ids}
              onChange={(ids) => change(withPart(mappings, { ...mapping, rule_set_ids: ids }))}
            />
            <MultiSelect
              label="Allowlists"
              data={(policy.allowlists ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              value={mapping.allowlist_ids}
              onChange={(ids) => change(withPart(mappings, { ...mapping, allowlist_ids: ids }))}
            />
          </Group>
        </Paper>
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => change([...mappings, newMapping(policy.rule_sets.slice(0, 1).map(({ id }) => id))])}
        >
          Add mapping
        </Button>
      </div>
    </Stack>
  );
}
