import type { Policy } from '#contract/policies.ts';

const LISTS: Record<string, string> = {
  rule_sets: 'Rule set',
  rules: 'rule',
  allowlists: 'Allowlist',
  items: 'entry',
  mappings: 'Mapping',
  allowlisted_images: 'Allowed images',
  denylisted_images: 'Denied images',
  params: 'parameter',
};

/** A problem that begins with a JSON pointer, with the place in words: `Rule set “Base”, rule 2: …`. */
export function placeInWords(problem: string, policy: Policy): string {
  const [, pointer, text] = /^((?:\/[^/\s:]+)+):\s*(.*)$/s.exec(problem) ?? [];
  if (!pointer || text === undefined) return problem;
  const words: string[] = [];
  let value: unknown = policy;
  const steps = pointer.slice(1).split('/');
  for (const [index, step] of steps.entries()) {
    value = (value as Record<string, unknown> | undefined)?.[step];
    const list = LISTS[steps[index - 1] ?? ''];
    if (!/^\d+$/.test(step) || !list) continue;
    const { name } = (value ?? {}) as { name?: unknown };
    words.push(typeof name === 'string' && name ? `${list} “${name}”` : `${list} ${Number(step) + 1}`);
  }
  const last = steps.at(-1) ?? '';
  if (!/^\d+$/.test(last)) words.push(last.replaceAll('_', ' '));
  return `${words.join(', ')}: ${text}`;
}
