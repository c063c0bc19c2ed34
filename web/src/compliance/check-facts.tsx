import { Anchor, Group, Paper } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ComplianceOutcome, RuntimeComplianceCheck } from '#contract/windlass-compliance.ts';
import { shortDigest } from '../format/words.ts';
import { Ago } from '../states/ago.tsx';
import { Copyable } from '../states/copyable.tsx';
import classes from './compliance.module.css';
import { CheckVerdict, OUTCOME_WORDS } from './outcome-badge.tsx';

/** Where a check ran and what it came to. */
export function CheckFacts({ check }: { check: RuntimeComplianceCheck }) {
  const { summary } = check;
  const workload = [check.namespace, check.pod].filter(Boolean).join('/');
  const counts = (Object.keys(OUTCOME_WORDS) as ComplianceOutcome[]).flatMap((outcome) => {
    const count = summary?.counts[outcome];
    return count ? [`${count} ${OUTCOME_WORDS[outcome].toLowerCase()}`] : [];
  });
  return (
    <Paper p="md">
      <dl className={classes.facts}>
        <Fact name="Verdict">
          <Group gap="xs">
            <CheckVerdict check={check} />
            {summary?.score === undefined
              ? null
              : `Score ${Math.round(summary.score * 10) / 10} of ${summary.score_maximum ?? 100}`}
          </Group>
        </Fact>
        <Fact name="Rules">{counts.join(', ')}</Fact>
        <Fact name="Image">
          {check.image_known ? (
            <Anchor
              size="sm"
              className="mono"
              renderRoot={(props) => <Link to="/images/$digest" params={{ digest: check.image_digest }} {...props} />}
            >
              {shortDigest(check.image_digest)}
            </Anchor>
          ) : (
            <Copyable value={check.image_digest} label="digest" shown={shortDigest(check.image_digest)} />
          )}
        </Fact>
        <Fact name="Workload">{workload}</Fact>
        <Fact name="Benchmark">
          {[summary?.benchmark.title ?? summary?.benchmark.id, summary?.benchmark.version].filter(Boolean).join(', ')}
        </Fact>
        <Fact name="Checked by">{summary?.test_system}</Fact>
        <Fact name="Target">{summary?.target}</Fact>
        <Fact name="Evaluated">{summary?.evaluated_at ? <Ago time={summary.evaluated_at} /> : null}</Fact>
        <Fact name="Uploader says">{check.result}</Fact>
        <Fact name="Notes">{summary?.problems.map(({ message }) => message).join(' ')}</Fact>
      </dl>
    </Paper>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === '') return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
