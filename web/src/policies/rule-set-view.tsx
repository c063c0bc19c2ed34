import { Text, Title } from '@mantine/core';
import type { RuleSet } from '#contract/policies.ts';
import { plural, sentenceCase } from '../format/words.ts';
import { ActionBadge, type Outcome } from '../severity/verdict-badge.tsx';
import classes from './policy.module.css';

/** The rules of a set: what each looks for, and what it asks for. */
export function RuleSetView({ set }: { set: RuleSet }) {
  return (
    <section>
      <Title order={3}>{set.name}</Title>
      <Text size="xs" c="dimmed" mb="xs">
        {[plural(set.rules.length, 'rule'), set.description].filter(Boolean).join('. ')}
      </Text>
      {set.rules.map((rule) => (
        <div key={rule.id} className={classes.rule}>
          <ActionBadge action={rule.action.toLowerCase() as Outcome} />
          <div className={classes.ruleText}>
            <span>
              <b>{sentenceCase(rule.gate)}</b>: {sentenceCase(rule.trigger).toLowerCase()}
            </span>
            {rule.params.length ? (
              <span className={classes.params}>
                {rule.params.map((param) => (
                  <span key={param.name} className={classes.param}>
                    {sentenceCase(param.name).toLowerCase()}: <b>{param.value}</b>
                  </span>
                ))}
              </span>
            ) : null}
            {rule.description ? <span className={classes.dim}>{rule.description}</span> : null}
            {rule.recommendation ? <span className={classes.dim}>{rule.recommendation}</span> : null}
          </div>
        </div>
      ))}
    </section>
  );
}
