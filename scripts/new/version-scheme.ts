import { camelCase, type Plan } from './plan.ts';

/** A new version scheme: a sort key, a grammar, and a line in the registry and in the union of names. */
export function versionSchemePlan(name: string): Plan {
  const constant = camelCase(name);
  const key = constant === name ? name : `'${name}'`;
  return {
    folder: `src/engine/versions/${name}`,
    files: { 'index.ts': index(name, constant), 'index.spec.ts': spec(constant) },
    edits: [
      { file: 'src/engine/versions/registry.ts', edit: (text) => addScheme(text, name, constant, key) },
      { file: 'src/engine/versions/types.ts', edit: (text) => addName(text, name) },
    ],
    next: `write the key, then: npx vitest run src/engine/versions; map range types to it in registry.ts`,
  };
}

function addScheme(text: string, name: string, constant: string, key: string): string {
  const lines = text.split('\n');
  const before = lines.findIndex(
    (line) => (/^import \{ \w+ \} from '\.\/([\w-]+)\/index\.ts';$/.exec(line)?.[1] ?? '') > name,
  );
  const last = lines.findLastIndex((line) => /^import .*\/index\.ts';$/.test(line));
  if (last < 0) throw new Error('the registry has no imports of schemes');
  lines.splice(before >= 0 ? before : last + 1, 0, `import { ${constant} } from './${name}/index.ts';`);
  const body = lines.join('\n');
  const added = body.replace(/(export const SCHEMES[^{]*\{\n(?:.*\n)*?)(\};)/, (_, head: string, close: string) => {
    return `${head}  ${key === constant ? constant : `${key}: ${constant}`},\n${close}`;
  });
  if (added === body) throw new Error('the registry has no list of schemes');
  return added;
}

function addName(text: string, name: string): string {
  const added = text.replace(
    /(export type SchemeName =\n(?:.*\n)*?.*)(;\n)/,
    (_, head: string, close: string) => `${head}\n  | '${name}'${close}`,
  );
  if (added === text) throw new Error('types.ts has no union of scheme names');
  return added;
}

function index(name: string, constant: string): string {
  return `import { defineScheme } from '../scheme.ts';
import { numberKey, textKey } from '../sort-key.ts';

/** Name the standard that the order follows, and the rules that surprise. */
export const ${constant} = defineScheme('${name}', key, (text) => /^\\d+(?:\\.\\d+)*$/.test(text));

/** A number sorts by value, anything else as text. */
function key(text: string): string {
  return text
    .split('.')
    .map((part) => (/^\\d+$/.test(part) ? numberKey(part) : textKey(part)))
    .join('');
}
`;
}

function spec(constant: string): string {
  return `import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ${constant} } from './index.ts';

describe('${constant}', () => {
  it.each([
    ['1.9', '1.10'],
    ['1', '2'],
  ])('%s < %s', (a, b) => {
    expect(${constant}.compare(a, b)).toBe(-1);
    expect(${constant}.compare(b, a)).toBe(1);
  });

  it('is an order over any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
        expect(${constant}.compare(a, a)).toBe(0);
        expect(${constant}.compare(a, b) + ${constant}.compare(b, a)).toBe(0);
        if (${constant}.compare(a, b) <= 0 && ${constant}.compare(b, c) <= 0) expect(${constant}.compare(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
`;
}
