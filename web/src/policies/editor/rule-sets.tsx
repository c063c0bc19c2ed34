import { ActionIcon, Button, Group, Paper, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { Policy, PolicyRule, RuleSet } from '#contract/policies.ts';
import { sentenceCase } from '../../format/words.ts';
import { ActionBadge, type Outcome } from '../../severity/verdict-badge.tsx';
import classes from '../policy.module.css';
import { newRule, newRuleSet, withoutPart, withPart } from './policy-parts.ts';
import { RuleDialog } from './rule-dialog.tsx';

/** The sets of rules of a policy. */
export function RuleSets({ policy, onChange }: { policy: Policy; onChange: (policy: Policy) => void }) {
  const sets = policy.rule_sets;
  const change = (next: RuleSet[]) => onChange({ ...policy, rule_sets: next });
  return (
    <Stack gap="md">
      {sets.map((set) => (
        <RuleSetEditor
          key={set.id}
          set={set}
          used={policy.mappings.some(({ rule_set_ids }) => rule_set_ids.includes(set.id))}
          onChange={(next) => change(withPart(sets, next))}
          onDelete={() => change(withoutPart(sets, set.id))}
        />
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => change([...sets, newRuleSet(sets.length)])}
        >
          Add rule set
        </Button>
      </div>
    </Stack>
  );
}

function RuleSetEditor(props: { set: RuleSet; used: boolean; onChange: (set: RuleSet) => void; onDelete: () => void }) {
  const { set, used, onChange } = props;
  const [edited, setEdited] = useState<PolicyRule>();
  return (
    <Paper p="md">
      <Group gap="sm" align="flex-end" mb="sm">
        <TextInput
          label="Name of the set"
          value={set.name}
          onChange={(event) => onChange({ ...set, name: event.currentTarget.value })}
          style={{ flex: '1 1 14rem' }}
        />
        <Select
          label="For"
          data={[
            { value: 'image', label: 'Images' },
            { value: 'source', label: 'Source code' },
          ]}
          value={set.artifact_type ?? 'image'}
          allowDeselect={false}
          onChange={(value) => onChange({ ...set, artifact_type: (value as 'image' | null) ?? 'image' })}
          w={140}
        />
        <Button variant="default" onClick={props.onDelete} aria-label={`Delete set ${set.name}`}>
          Delete set
        </Button>
      </Group>
      {used ? null : (
        <Text size="sm" c="dimmed" mb="xs">
          No mapping uses this set: its rules judge nothing.
        </Text>
      )}
      {set.rules.map((rule) => (
        <div key={rule.id} className={classes.rule}>
          <ActionBadge action={rule.action.toLowerCase() as Outcome} />
          <div className={classes.ruleText} style={{ flex: 1 }}>
            <span>
              <b>{sentenceCase(rule.gate)}</b>: {sentenceCase(rule.trigger).toLowerCase()}
            </span>
            <span className={classes.dim}>
              {rule.params.map(({ name, value }) => `${sentenceCase(name).toLowerCase()}: ${value}`).join(', ')}
            </span>
          </div>
          <Group gap={4} wrap="nowrap">
            <ActionIcon
              variant="subtle"
              aria-label={`Change the rule ${rule.gate} ${rule.trigger}`}
              onClick={() => setEdited(rule)}
            >
              <IconPencil size={16} aria-hidden />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={`Delete the rule ${rule.gate} ${rule.trigger}`}
              onClick={() => onChange({ ...set, rules: withoutPart(set.rules, rule.id) })}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        </div>
      ))}
      <Button
        size="compact-sm"
        variant="default"
        mt="xs"
        aria-label={`Add rule to ${set.name}`}
        onClick={() => setEdited(newRule())}
      >
        Add rule
      </Button>
      {edited ? (
        <RuleDialog
          key={edited.id}
          rule={edited}
          onClose={() => setEdited(undefined)}
          onSave={(rule) => {
            onChange({ ...set, rules: withPart(set.rules, rule) });
            setEdited(undefined);
          }}
        />
      ) : null}
    </Paper>
  );
}
