import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { RuntimeComplianceCheck } from '#contract/windlass-compliance.ts';
import { shortDigest } from '../format/words.ts';
import { Ago } from '../states/ago.tsx';
import type { Column } from '../table/column.ts';
import { CheckVerdict } from './outcome-badge.tsx';

const count = (name: string) => (check: RuntimeComplianceCheck) =>
  check.summary?.counts[name] ?? (check.summary ? 0 : undefined);

/** Columns of the list of checks. */
export const CHECK_COLUMNS: Column<RuntimeComplianceCheck>[] = [
  {
    id: 'image',
    title: 'Image',
    least: 200,
    value: (check) => check.image_tag ?? check.image_digest,
    cell: (check) => (
      <Anchor
        fw={600}
        size="sm"
        className="truncate"
        renderRoot={(props) => <Link to="/compliance/$check" params={{ check: check.uuid }} {...props} />}
      >
        {check.image_tag ?? shortDigest(check.image_digest)}
      </Anchor>
    ),
  },
  {
    id: 'workload',
    title: 'Workload',
    from: 800,
    least: 120,
    value: (check) => [check.namespace, check.pod].filter(Boolean).join('/') || undefined,
  },
  {
    id: 'profile',
    title: 'Profile',
    from: 1000,
    least: 160,
    value: (check) => check.summary?.profile.title ?? check.summary?.profile.id,
  },
  {
    id: 'verdict',
    title: 'Verdict',
    width: 136,
    value: (check) => check.summary?.verdict ?? check.state,
    cell: (check) => <CheckVerdict check={check} />,
  },
  {
    id: 'score',
    title: 'Score',
    width: 84,
    align: 'right',
    from: 700,
    descendingFirst: true,
    value: (check) => check.summary?.score,
    cell: ({ summary }) => (summary?.score === undefined ? null : Math.round(summary.score * 10) / 10),
  },
  { id: 'passed', title: 'Passed', width: 84, align: 'right', from: 700, descendingFirst: true, value: count('pass') },
  { id: 'failed', title: 'Failed', width: 84, align: 'right', from: 500, descendingFirst: true, value: count('fail') },
  {
    id: 'created',
    title: 'Uploaded',
    width: 112,
    align: 'right',
    descendingFirst: true,
    value: (check) => check.created_at,
    cell: (check) => <Ago time={check.created_at} />,
  },
];
