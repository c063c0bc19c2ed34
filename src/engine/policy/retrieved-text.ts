import type { TriggerContext } from './gate.ts';

/**
 * Text of a file that the analysis captured. Undefined when it was not: silently when the file list shows that the
 * image has no such file, else with a problem, because the rule could not be evaluated.
 */
export function readRetrievedFile(context: TriggerContext<unknown>, path: string): string | undefined {
  const captured = context.read('retrievedFiles');
  if (!captured) return undefined;
  const file = captured.find((candidate) => candidate.path === path);
  if (file) return Buffer.from(file.content_base64, 'base64').toString('utf8');
  const { files } = context.facts;
  const absent = files.state === 'present' && !files.value.some((candidate) => candidate.path === path);
  if (!absent)
    context.problem({
      severity: 'warn',
      problem_type: 'not_collected',
      details: `${path} was not captured at analysis`,
    });
  return undefined;
}

/** Was the file captured? A group that was never gathered holds nothing. */
export function isRetrieved({ facts }: TriggerContext<unknown>, path: string): boolean {
  return facts.retrievedFiles.state === 'present' && facts.retrievedFiles.value.some((file) => file.path === path);
}
