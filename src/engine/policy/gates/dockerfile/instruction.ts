import { translatePythonRegex } from '#shared/python-regex.ts';
import { defineTrigger, type TriggerContext } from '../../gate.ts';
import { defaulted, flag, oneOf, optional, type ParameterValues, required, text } from '../../parameter.ts';
import { COMPATIBLE_ID_TEXT } from '../../trigger-id.ts';
import { parseDockerfile } from './dockerfile-text.ts';
import { runtimeConfig } from './image-config.ts';

const INSTRUCTIONS = [
  'ADD',
  'ARG',
  'COPY',
  'CMD',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'USER',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'VOLUME',
  'WORKDIR',
] as const;

const parameters = {
  instruction: required(oneOf(INSTRUCTIONS), { description: 'Instruction to look at.', example: 'HEALTHCHECK' }),
  check: required(oneOf(['=', '!=', 'exists', 'not_exists', 'like', 'not_like', 'in', 'not_in']), {
    description: 'Condition on the text after the instruction.',
    example: 'not_exists',
  }),
  value: optional(text, {
    description: 'Text, expression (like, not_like) or comma-separated list (in, not_in) to compare with.',
    example: 'scratch',
  }),
  actual_dockerfile_only: defaulted(flag, 'false', {
    description: 'Only look at a Dockerfile that was uploaded with the image.',
    example: 'true',
  }),
};

type Values = ParameterValues<typeof parameters>;

/** Fires for each line of the instruction that meets the condition, or once when it is missing and should not be. */
export const instruction = defineTrigger({
  name: 'instruction',
  description: 'A Dockerfile instruction is there, is missing, or has text that meets a condition.',
  parameters,
  check({ check, value }) {
    if (check === 'exists' || check === 'not_exists') return [];
    if (value === undefined)
      return [
        {
          severity: 'warn',
          parameter: 'value',
          text: `is needed by check "${check}"; without it the rule never fires`,
        },
      ];
    if (check !== 'like' && check !== 'not_like') return [];
    try {
      translatePythonRegex(value);
      return [];
    } catch (error) {
      return [
        { severity: 'error', parameter: 'value', text: `is not a regular expression: ${(error as Error).message}` },
      ];
    }
  },
  *evaluate(context) {
    const { instruction: name, check, value } = context.params;
    const found = linesOf(context);
    if (!found) return;
    const { lines, source } = found;
    if (check === 'not_exists') {
      if (lines.length > 0) return;
      yield {
        message: `The image has no ${name} instruction (${source})`,
        key: `${name}#not_exists`,
        idText: COMPATIBLE_ID_TEXT.instructionMissing(name),
        evidence: { instruction: name, source },
      };
      return;
    }
    const flags = check === 'exists' ? lines.map(() => true) : compare(lines, context);
    for (const [index, line] of lines.entries()) {
      if (!flags[index]) continue;
      yield {
        message: `Instruction ${name} ${line} meets the condition ${check}${value === undefined ? '' : ` ${value}`} (${source})`,
        key: `${name}#${check}#${value ?? ''}#${line}`,
        evidence: { instruction: name, line, source },
      };
    }
  },
});

/**
 * Lines of the instruction. An uploaded Dockerfile is the truth about itself; one guessed from the history is
 * completed by the image configuration, because builders leave metadata instructions out of the history.
 */
function linesOf(context: TriggerContext<Values>): { lines: string[]; source: string } | undefined {
  const { params, facts } = context;
  const fact = facts.dockerfile;
  const config = runtimeConfig(facts);
  const dockerfile = fact.state === 'present' ? fact.value : undefined;
  if (params.actual_dockerfile_only && dockerfile?.mode !== 'Actual') return undefined;
  const configured = config?.instructions.get(params.instruction) ?? [];
  if (!dockerfile || dockerfile.text.trim() === '') {
    if (fact.state === 'failed' || !config) {
      context.read('dockerfile');
      return undefined;
    }
    return { lines: configured, source: 'image configuration' };
  }
  const lines = parseDockerfile(dockerfile.text)
    .filter((item) => item.name === params.instruction)
    .map((item) => item.text);
  if (dockerfile.mode === 'Actual') return { lines, source: 'Dockerfile' };
  return lines.length > 0
    ? { lines, source: 'image history' }
    : { lines: configured, source: 'image history and configuration' };
}

function compare(lines: string[], { params, regex }: TriggerContext<Values>): boolean[] {
  const { check, value } = params;
  if (value === undefined) return lines.map(() => false);
  if (check === 'like' || check === 'not_like') {
    return regex.matches(translatePythonRegex(value), lines).map((matched) => matched === (check === 'like'));
  }
  if (check === '=' || check === '!=') return lines.map((line) => (line === value.trim()) === (check === '='));
  const members = new Set(value.split(',').map((member) => member.trim()));
  return lines.map((line) => isMember(line, params, members) === (check === 'in'));
}

/** The alias of `FROM image AS name` and its flags say nothing about which image it is. */
function isMember(line: string, params: Values, members: ReadonlySet<string>): boolean {
  if (members.has(line)) return true;
  if (params.instruction !== 'FROM') return false;
  const image = line.split(/\s+/).find((word) => !word.startsWith('--'));
  return image !== undefined && members.has(image);
}
