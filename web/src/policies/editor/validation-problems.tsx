import { List } from '@mantine/core';
import { ApiError } from '#client/index.ts';
import type { Policy } from '#contract/policies.ts';
import { Failure } from '../../states/failure.tsx';
import { Notice } from '../../states/notice.tsx';
import { placeInWords } from './place.ts';

/** Why the server does not take a policy: each problem with its place, or the error as it is. */
export function ValidationProblems({ error, policy }: { error: unknown; policy: Policy }) {
  const details = error instanceof ApiError ? error.detail.validation_details : undefined;
  if (!Array.isArray(details) || details.length === 0) return <Failure error={error} />;
  const problems = (details as { details?: unknown }[]).map((problem) => String(problem.details ?? ''));
  return (
    <Notice kind="failure" title="The server does not take this policy" role="alert" mb="md">
      <List size="sm">
        {problems.map((problem) => (
          <List.Item key={problem}>{placeInWords(problem, policy)}</List.Item>
        ))}
      </List>
    </Notice>
  );
}
