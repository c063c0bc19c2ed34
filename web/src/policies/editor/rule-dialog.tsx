import { Button, Group, Modal, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { PolicyRule } from '#contract/policies.ts';
import { gateChoices, triggerChoices, useGates } from './gates.ts';
import { ParamField } from './param-field.tsx';

const ACTIONS = [
  { value: 'STOP', label: 'Stop' },
  { value: 'WARN', label: 'Warn' },
  { value: 'GO', label: 'Go' },
];

/** Form of one rule: its gate, its trigger, and the parameters of that trigger. Mounted anew for each rule. */
export function RuleDialog(props: { rule: PolicyRule; onSave: (rule: PolicyRule) => void; onClose: () => void }) {
  const gates = useGates() ?? [];
  const [rule, setRule] = useState(props.rule);
  const gate = gates.find(({ name }) => name === rule.gate);
  const trigger = gate?.triggers?.find(({ name }) => name === rule.trigger);
  const params = trigger?.parameters ?? [];
  const paramValue = (name: string) => rule.params.find((param) => param.name === name)?.value ?? '';
  const unknown = rule.params.filter(({ name }) => trigger && !params.some((spec) => spec.name === name));

  function setParam(name: string, value: string): void {
    const others = rule.params.filter((param) => param.name !== name);
    setRule({ ...rule, params: value === '' ? others : [...others, { name, value }] });
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    // a form in a portal would otherwise reach the form around it
    event.stopPropagation();
    const { description, recommendation, ...rest } = rule;
    props.onSave({
      ...rest,
      ...(description?.trim() ? { description: description.trim() } : {}),
      ...(recommendation?.trim() ? { recommendation: recommendation.trim() } : {}),
    });
  }
  return (
    <Modal opened onClose={props.onClose} title="Rule" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Select
            label="Gate"
            placeholder="What to look at"
            data={gateChoices(gates, rule.gate)}
            value={rule.gate || null}
            required
            searchable
            allowDeselect={false}
            onChange={(value) => setRule({ ...rule, gate: value ?? '', trigger: '', params: [] })}
            {...(gate?.description ? { description: gate.description } : {})}
          />
          <Select
            label="Trigger"
            placeholder="What to look for"
            data={triggerChoices(gate, rule.trigger)}
            value={rule.trigger || null}
            required
            searchable
            allowDeselect={false}
            disabled={!gate}
            onChange={(value) => setRule({ ...rule, trigger: value ?? '', params: [] })}
            {...(trigger?.description ? { description: trigger.description } : {})}
          />
          <div>
            <Text size="sm" fw={500} id="rule-action">
              Then
            </Text>
            <SegmentedControl
              aria-labelledby="rule-action"
              data={ACTIONS}
              value={rule.action}
              onChange={(value) => setRule({ ...rule, action: value as PolicyRule['action'] })}
            />
          </div>
          {params.map((spec) => (
            <ParamField
              key={`${rule.gate} ${rule.trigger} ${spec.name}`}
              spec={spec}
              value={paramValue(spec.name ?? '')}
              onChange={(value) => setParam(spec.name ?? '', value)}
            />
          ))}
          {unknown.map(({ name, value }) => (
            <TextInput
              key={name}
              label={`${name} (this trigger has no such parameter)`}
              value={value}
              onChange={(event) => setParam(name, event.currentTarget.value)}
            />
          ))}
          <TextInput
            label="Description"
            value={rule.description ?? ''}
            onChange={(event) => setRule({ ...rule, description: event.currentTarget.value })}
          />
          <TextInput
            label="What to do about it"
            value={rule.recommendation ?? ''}
            onChange={(event) => setRule({ ...rule, recommendation: event.currentTarget.value })}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!rule.gate || !rule.trigger}>
              Take over
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
