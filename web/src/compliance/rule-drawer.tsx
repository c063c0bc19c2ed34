import { Drawer, Group, Stack, Text, Title } from '@mantine/core';
import type { ComplianceRuleResult } from '#contract/windlass-compliance.ts';
import { sentenceCase } from '../format/words.ts';
import { Copyable } from '../states/copyable.tsx';
import classes from './compliance.module.css';
import { OutcomeBadge } from './outcome-badge.tsx';

/** All that is known of one rule in a run. */
export function RuleDrawer({ rule, onClose }: { rule: ComplianceRuleResult | undefined; onClose: () => void }) {
  return (
    <Drawer
      opened={rule !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={
        <Text fw={650} size="lg" span>
          {rule?.title || rule?.rule}
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {rule ? <Details rule={rule} /> : null}
    </Drawer>
  );
}

function Details({ rule }: { rule: ComplianceRuleResult }) {
  const idents = rule.idents.map(({ value }) => value);
  const references = [...new Set(rule.references.map(({ text }) => text))].filter(Boolean);
  return (
    <Stack gap="lg">
      <Group gap="sm">
        <OutcomeBadge outcome={rule.result} />
        <Text size="sm" c="dimmed">
          {sentenceCase(rule.severity)} severity
        </Text>
      </Group>
      <Copyable value={rule.rule} label="rule id" />
      <Section title="Messages" text={rule.messages.join('\n')} />
      <Section title="Description" text={rule.description} />
      <Section title="Rationale" text={rule.rationale} />
      <Section title="How to fix" text={rule.fix} />
      <Section title="Checked by" text={[rule.check, rule.instance].filter(Boolean).join(' ')} />
      <Section title="Identifiers" text={[rule.version, ...idents].filter(Boolean).join(', ')} />
      <Section title="References" text={references.join(', ')} />
    </Stack>
  );
}

function Section({ title, text }: { title: string; text: string | undefined }) {
  if (!text) return null;
  return (
    <section>
      <Title order={3} mb={4}>
        {title}
      </Title>
      <p className={classes.text}>{text}</p>
    </section>
  );
}
