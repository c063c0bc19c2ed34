import { addToRegistry, camelCase, type Plan } from './plan.ts';

/** A new analyzer: see `docs/how-to/add-an-analyzer.md`. */
export function analyzerPlan(name: string): Plan {
  const constant = `${camelCase(name)}Analyzer`;
  return {
    folder: `src/engine/analyzers/${name}`,
    files: {
      'index.ts': index(name, constant),
      'parse.ts': PARSE,
      'readme.md': `# ${name}\n\nWhich files are read, by name or magic bytes; which package type comes of it; what is left out, and why.\n`,
      'fixtures/example.txt': 'name=example\nversion=1.0.0\n',
      [`${name}.spec.ts`]: spec(name, constant),
    },
    edits: [
      {
        file: 'src/engine/analyzers/registry.ts',
        edit: (text) => addToRegistry(text, name, constant, 'export const analyzers', ['distroAnalyzer']),
      },
    ],
    next: `write the reader in parse.ts, then: npx vitest run src/engine/analyzers/${name} src/engine/analyzers/contract.spec.ts`,
  };
}

function index(name: string, constant: string): string {
  return `import type { FileContent, FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import { locate } from '../location.ts';
import { formatPurl } from '../purl.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { type ExampleRecord, parseExample } from './parse.ts';

const LIMIT = 1024 * 1024;

/** Finds … See readme.md. */
export const ${constant}: Analyzer<ExampleRecord> = {
  name: '${name}',
  version: 1,
  kind: 'packages',
  select: (file: FileHead) => (file.path.endsWith('/${name}.example') ? reader : undefined),
  collect: collectExamples,
};

const reader: FileReader<ExampleRecord> = {
  kind: 'whole',
  limit: LIMIT,
  read: (content: FileContent) => parseExample(new TextDecoder().decode(content.bytes())),
};

function collectExamples(image: ImageView, facts: LocatedFact<ExampleRecord>[]): Evidence {
  const packages = facts.map((located): NonNullable<Evidence['packages']>[number] => ({
    type: 'UnknownPackage',
    name: located.fact.name,
    version: located.fact.version,
    purl: formatPurl({ type: 'generic', name: located.fact.name, version: located.fact.version }),
    cpes: [],
    licenses: [],
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: '${name}',
    confidence: 'declared',
    metadata: {},
  }));
  return { packages };
}
`;
}

const PARSE = `/** What one file declares. */
export interface ExampleRecord {
  name: string;
  version: string;
}

/** Reads \`key=value\` lines. Undefined when name or version is missing: never throws on bad input. */
export function parseExample(text: string): ExampleRecord | undefined {
  const name = /^name=(.+)$/m.exec(text)?.[1];
  const version = /^version=(.+)$/m.exec(text)?.[1];
  return name && version ? { name, version } : undefined;
}
`;

function spec(name: string, constant: string): string {
  return `import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { ${constant} } from './index.ts';
import { parseExample } from './parse.ts';

it.each([
  ['both fields', 'name=a\\nversion=1\\n', { name: 'a', version: '1' }],
  ['no version', 'name=a\\n', undefined],
  ['nothing', '', undefined],
])('%s', (_, text, expected) => expect(parseExample(text)).toEqual(expected));

it('finds the package of a file', () => {
  const file = readFileSync(new URL('fixtures/example.txt', import.meta.url));
  const { packages } = runAnalyzers([${constant}], { '/opt/${name}.example': file });
  expect(packages).toMatchObject([{ name: 'example', version: '1.0.0', locations: [{ path: '/opt/${name}.example' }] }]);
});
`;
}
