import { readFile } from 'node:fs/promises';
import { PREPARED_REPORTS } from '#contract/prepared-reports.ts';
import { usageFailure } from '../../failure.ts';

/** A document to run: a prepared one by name, a text, or what a file holds. */
export async function queryText(query: string): Promise<string> {
  const prepared = PREPARED_REPORTS.find(({ name }) => name === query);
  if (prepared) return prepared.query;
  if (query.includes('{')) return query;
  try {
    return await readFile(query, 'utf8');
  } catch (error) {
    throw usageFailure(
      `"${query}" is neither a prepared query nor a file that can be read: ${(error as Error).message}`,
      'Prepared queries: windlass report queries',
    );
  }
}

/** Adds `name=value` to those given before. */
export function collectVariable(text: string, before: [string, string][] = []): [string, string][] {
  const at = text.indexOf('=');
  if (at < 1) throw usageFailure(`"${text}" is no variable`, 'Write it as in --var severity=Critical');
  return [...before, [text.slice(0, at), text.slice(at + 1)]];
}

/** Values of variables by the types that a document declares: numbers, switches and lists are JSON, all else is text. */
export function readVariables(query: string, given: readonly [string, string][] = []): Record<string, unknown> {
  const types = new Map([...query.matchAll(/\$(\w+)\s*:\s*(\[?\w+)/g)].map(([, name = '', type = '']) => [name, type]));
  return Object.fromEntries(
    given.map(([name, text]) => {
      const type = types.get(name);
      if (type === undefined)
        throw usageFailure(
          `the query has no variable "${name}"`,
          types.size > 0 ? `It has: ${[...types.keys()].join(', ')}` : undefined,
        );
      return [name, variableValue(name, type, text)];
    }),
  );
}

function variableValue(name: string, type: string, text: string): unknown {
  if (type.startsWith('[') && !text.startsWith('[')) return text.split(',');
  if (!['Int', 'Float', 'Boolean'].includes(type) && !type.startsWith('[')) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw usageFailure(`"${text}" is no value of the variable "${name}", which is of type ${type}`);
  }
}
