import { JsonInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Policy } from '#contract/policies.ts';

/** The document as text. What is written here stands in the forms at once, as long as it is JSON of a policy. */
export function JsonEditor({ policy, onChange }: { policy: Policy; onChange: (policy: Policy) => void }) {
  const [text, setText] = useState(() => JSON.stringify(policy, null, 2));
  const [error, setError] = useState<string>();
  const own = useRef(policy);
  useEffect(() => {
    // a change that came from this field must not reformat what is being written
    if (own.current === policy) return;
    own.current = policy;
    setText(JSON.stringify(policy, null, 2));
    setError(undefined);
  }, [policy]);

  function write(next: string): void {
    setText(next);
    try {
      const parsed = JSON.parse(next) as Policy;
      const problem = shapeProblem(parsed);
      setError(problem);
      if (problem) return;
      own.current = parsed;
      onChange(parsed);
    } catch (reason) {
      setError(reason instanceof Error ? reason.message : String(reason));
    }
  }

  return (
    <JsonInput
      label="JSON"
      value={text}
      onChange={write}
      error={error}
      autosize
      minRows={20}
      maxRows={36}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.78rem' } }}
    />
  );
}

/** Why a text is not shaped like a policy at all; everything finer is said by the server. */
function shapeProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'A policy is an object.';
  const policy = value as Record<string, unknown>;
  for (const member of ['rule_sets', 'mappings'])
    if (!isParts(policy[member])) return `${member} must be a list of objects with an id.`;
  for (const member of ['allowlists', 'allowlisted_images', 'denylisted_images'])
    if (policy[member] !== undefined && !isParts(policy[member]))
      return `${member} must be a list of objects with an id.`;
  for (const set of policy.rule_sets as Record<string, unknown>[])
    if (!isParts(set.rules) || !(set.rules as Record<string, unknown>[]).every(({ params }) => Array.isArray(params)))
      return 'rules must be a list of objects with an id and params.';
  for (const list of (policy.allowlists ?? []) as Record<string, unknown>[])
    if (!isParts(list.items)) return 'items must be a list of objects with an id.';
  for (const mapping of policy.mappings as Record<string, unknown>[])
    if (!Array.isArray(mapping.rule_set_ids) || !Array.isArray(mapping.allowlist_ids) || !isObject(mapping.image))
      return 'mappings need rule_set_ids, allowlist_ids and image.';
  return undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isParts(value: unknown): boolean {
  return (
    Array.isArray(value) && value.every((one) => isObject(one) && typeof (one as { id?: unknown }).id === 'string')
  );
}
