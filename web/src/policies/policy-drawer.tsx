import { Button, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import { IconDownload, IconPencil } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ImageSelectionRule, MappingRule, Policy, PolicyRecord } from '#contract/policies.ts';
import { saveFile } from '../api/download.ts';
import { plural } from '../format/words.ts';
import { Copyable } from '../states/copyable.tsx';
import { ActiveMark } from './active-mark.tsx';
import classes from './policy.module.css';
import { RuleSetView } from './rule-set-view.tsx';

/** A policy's document, for reading. */
export function PolicyDrawer({ record, onClose }: { record: PolicyRecord | undefined; onClose: () => void }) {
  return (
    <Drawer
      opened={record !== undefined}
      onClose={onClose}
      position="right"
      size="xl"
      title={
        <Group gap="sm">
          <Text fw={650} size="lg" span>
            {record?.name}
          </Text>
          {record?.active ? <ActiveMark /> : null}
        </Group>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {record?.policy ? <Document policy={record.policy} id={record.policy_id} /> : null}
    </Drawer>
  );
}

function Document({ policy, id }: { policy: Policy; id: string }) {
  const document = () => new Blob([JSON.stringify(policy, null, 2)], { type: 'application/json' });
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Text component="div" size="sm" c="dimmed" style={{ minWidth: 0 }}>
          <Copyable value={id} label="policy id" />
        </Text>
        <Button
          variant="default"
          ml="auto"
          leftSection={<IconPencil size={16} aria-hidden />}
          renderRoot={(props) => <Link to="/policies/$policy" params={{ policy: id }} {...props} />}
        >
          Edit
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => saveFile(`${id}.json`, document())}
        >
          JSON
        </Button>
      </Group>
      {policy.description ? <Text size="sm">{policy.description}</Text> : null}
      <Section title="Mappings" about="The first that fits an image's tag chooses its rules.">
        {policy.mappings.map((mapping) => (
          <Mapping key={mapping.id} mapping={mapping} policy={policy} />
        ))}
      </Section>
      {policy.rule_sets.map((set) => (
        <RuleSetView key={set.id} set={set} />
      ))}
      {(policy.allowlists ?? []).map((list) => (
        <Section key={list.id} title={`Allowlist: ${list.name}`} about={plural(list.items.length, 'entry', 'entries')}>
          {list.items.map((item) => (
            <div key={item.id} className={classes.line}>
              <span className="mono">{item.trigger_id}</span>
              <span className={classes.dim}>
                {item.gate}
                {item.expires_on ? `, until ${item.expires_on.slice(0, 10)}` : ''}
              </span>
              {item.description ? <span className={classes.about}>{item.description}</span> : null}
            </div>
          ))}
        </Section>
      ))}
      <Images title="Allowed images" rules={policy.allowlisted_images} />
      <Images title="Denied images" rules={policy.denylisted_images} />
    </Stack>
  );
}

function Section({ title, about, children }: { title: string; about?: string; children: ReactNode }) {
  return (
    <section>
      <Title order={3}>{title}</Title>
      {about ? (
        <Text size="xs" c="dimmed" mb="xs">
          {about}
        </Text>
      ) : null}
      {children}
    </section>
  );
}

function Mapping({ mapping, policy }: { mapping: MappingRule; policy: Policy }) {
  const nameOf = (id: string) => policy.rule_sets.find((set) => set.id === id)?.name ?? id;
  const listOf = (id: string) => policy.allowlists?.find((list) => list.id === id)?.name ?? id;
  return (
    <div className={classes.line}>
      <span className="mono">{target(mapping)}</span>
      <span className={classes.dim}>
        {mapping.rule_set_ids.map(nameOf).join(', ')}
        {mapping.allowlist_ids.length ? `; allowing ${mapping.allowlist_ids.map(listOf).join(', ')}` : ''}
      </span>
    </div>
  );
}

function Images({ title, rules }: { title: string; rules: ImageSelectionRule[] | undefined }) {
  if (!rules?.length) return null;
  return (
    <Section title={title}>
      {rules.map((rule) => (
        <div key={rule.id} className={classes.line}>
          <span className="mono">{target(rule)}</span>
          <span className={classes.dim}>{rule.name}</span>
        </div>
      ))}
    </Section>
  );
}

function target(rule: { registry: string; repository: string; image: { type: string; value: string } }): string {
  const separator = rule.image.type === 'tag' ? ':' : '@';
  return `${rule.registry}/${rule.repository}${separator}${rule.image.value}`;
}
