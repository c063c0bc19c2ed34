import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');

/** Who may import whom. The key is the longest matching folder; `types:` allows `import type` only. */
const MAY_IMPORT: Record<string, string[]> = {
  'src/shared': [],
  'src/contract': ['src/shared'],
  'src/client': ['src/contract', 'src/shared'],
  'src/engine/model': ['src/shared'],
  'src/engine/formats': ['src/shared', 'src/engine/model', 'types:src/engine/image'],
  'src/engine/image': ['src/shared', 'src/engine/model', 'src/engine/formats'],
  'src/engine/analyzers': [
    'src/shared',
    'src/engine/model',
    'src/engine/image',
    'src/engine/formats',
    'src/engine/sbom/parse-purl',
    // wheels carry SBOMs
    'src/engine/sbom/read.ts',
  ],
  'src/engine/analysis': [
    'src/shared',
    'src/engine/model',
    'src/engine/image',
    'src/engine/formats',
    'src/engine/analyzers',
    'src/engine/manifests',
  ],
  'src/engine/manifests': ['src/shared', 'src/engine/model', 'src/engine/analyzers', 'types:src/engine/image'],
  'src/engine/versions': ['src/shared', 'src/engine/model'],
  'src/engine/vulnerabilities': [
    'src/shared',
    'src/engine/model',
    'src/engine/versions',
    'src/engine/formats',
    'src/engine/sbom/parse-purl',
  ],
  'src/engine/policy': ['src/shared', 'src/engine/model', 'types:src/engine/vulnerabilities', 'src/engine/versions'],
  // a package of an SBOM gets the same id as one that an analyzer found
  'src/engine/sbom': ['src/shared', 'src/engine/model', 'types:src/engine', 'src/engine/analyzers/package-id'],
  // products and packages are named by package URLs
  'src/engine/vex': ['src/shared', 'src/engine/model', 'src/engine/analyzers/purl', 'src/engine/sbom/parse-purl'],
  'src/engine': ['src/shared', 'src/engine'],
  'src/notifiers': ['src/shared', 'types:src/contract'],
  'src/agents': ['src/shared', 'types:src/contract'],
  'src/platform': ['src/shared', 'src/contract'],
  'src/features': ['src/shared', 'src/contract', 'src/engine', 'src/notifiers', 'src/platform'],
  // the server reads clusters with the same client as the agent
  'src/features/clusters': [
    'src/shared',
    'src/contract',
    'src/engine',
    'src/notifiers',
    'src/platform',
    'src/agents/kubernetes',
  ],
  // the entry point wires; the commands behind it get what they need from it
  'src/programs/cli.ts': ['src'],
  'src/programs/cli': ['src/shared', 'src/contract', 'src/client', 'src/engine', 'src/agents'],
  'src/programs': ['src'],
  web: ['src/contract', 'src/client', 'src/shared'],
};

/** Packages that a folder must do without: the engine is a library, the contract is data. */
const NO_PACKAGE: Record<string, RegExp> = {
  'src/shared': /^(?!node:)/,
  'src/contract': /^(?!zod$)/,
  'src/client': /^(?!zod$)/,
  'src/engine':
    /^(fastify|@fastify\/.*|kysely|pg|pg-boss|@electric-sql\/.*|undici|react.*|pino|node:https?|node:http2)$/,
  'src/features': /^(fastify|@fastify\/.*|pg|pg-boss|@electric-sql\/.*|undici|react.*|node:https?|node:http2)$/,
};

const ALIASES: Record<string, string> = Object.fromEntries(
  ['shared', 'contract', 'client', 'engine', 'agents', 'features', 'notifiers', 'platform', 'programs'].map((name) => [
    `#${name}/`,
    `src/${name}/`,
  ]),
);

const LINES = 450;
/** Files that may be longer, with the reason. */
const LONG: Record<string, string> = {};

interface Import {
  from: string;
  /** Repository path of one of our files, or the name of a package. */
  to: string;
  ours: boolean;
  typeOnly: boolean;
}

const files = ['src', 'web']
  .filter((folder) => existsSync(path.join(root, folder)))
  .flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      path.posix.join(folder, name.replaceAll('\\', '/')),
    ),
  )
  .filter(
    (file) =>
      /\.(ts|tsx|mts)$/.test(file) &&
      !/(^|\/)(node_modules|dist|fixtures)\//.test(file) &&
      !file.endsWith('.generated.ts'),
  );
const sources = new Map(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
const isTest = (file: string) => /\.(spec|fixture)\.tsx?$/.test(file);

function importsOf(file: string, source: string): Import[] {
  // comments may quote imports; strings of other kinds never start a line with import or export
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean) => {
    const target = resolveImport(file, specifier);
    found.push({ from: file, to: target ?? specifier, ours: target !== undefined, typeOnly });
  };
  for (const match of code.matchAll(/^\s*(?:import|export)\s+(type\s+)?([^;'"]*?\sfrom\s*)?['"]([^'"]+)['"]/gm)) {
    const names = match[2]
      ?.match(/\{([\s\S]*)\}/)?.[1]
      ?.split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    const allTypes =
      names !== undefined &&
      names.length > 0 &&
      names.every((name) => name.startsWith('type ')) &&
      !/^\s*\w/.test(match[2]!);
    add(match[3]!, Boolean(match[1]) || allTypes);
  }
  for (const match of code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)) add(match[1]!, false);
  return found;
}

function resolveImport(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(file), specifier);
  for (const [alias, folder] of Object.entries(ALIASES))
    if (specifier.startsWith(alias)) return folder + specifier.slice(alias.length);
  return undefined;
}

const inside = (file: string, folder: string) =>
  file === folder || file.startsWith(`${folder}/`) || file.startsWith(`${folder}.`);
const longest = (file: string, folders: string[]) =>
  folders.filter((folder) => inside(file, folder)).sort((a, b) => b.length - a.length)[0];
const imports = files.flatMap((file) => importsOf(file, sources.get(file)!));
const featureOf = (file: string) => /^src\/features\/([^/]+)\//.exec(file)?.[1];

function complaint({ from, to, typeOnly }: Import): string | undefined {
  const home = longest(from, Object.keys(MAY_IMPORT));
  if (!home) return `${from}: no rule for its folder`;
  const [feature, otherFeature] = [featureOf(from), featureOf(to)];
  if (feature && otherFeature) {
    if (feature === otherFeature || to === `src/features/${otherFeature}/index.ts`) return undefined;
    return `${from} imports ${to}: another feature only through its index.ts`;
  }
  if (inside(to, home) && home !== 'src') return undefined;
  const allowed = MAY_IMPORT[home]!.some((entry) => {
    const types = entry.startsWith('types:');
    return inside(to, types ? entry.slice(6) : entry) && (!types || typeOnly);
  });
  return allowed ? undefined : `${from} imports ${to}`;
}

/** Cycles among nodes, each as the path that closes it. */
function cycles(edges: Map<string, Set<string>>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (node: string, trail: string[]): void => {
    const at = trail.indexOf(node);
    if (at >= 0) {
      found.push([...trail.slice(at), node].join(' → '));
      return;
    }
    if (done.has(node)) return;
    for (const next of edges.get(node) ?? []) visit(next, [...trail, node]);
    done.add(node);
  };
  for (const node of edges.keys()) visit(node, []);
  return found;
}

describe('imports', () => {
  it('follow the table', () => {
    const production = imports.filter((one) => one.ours && !isTest(one.from));
    expect(production.map(complaint).filter(Boolean)).toEqual([]);
  });
  it('lead to files that exist', () => {
    const lost = imports.filter(
      (one) => one.ours && !existsSync(path.join(root, one.to)) && !one.to.endsWith('.generated.ts'),
    );
    expect(lost.map((one) => `${one.from} imports ${one.to}`)).toEqual([]);
  });
  it('of packages fit the folder', () => {
    const bad = imports.filter((one) => {
      const home = longest(one.from, Object.keys(NO_PACKAGE));
      return (
        home &&
        !one.ours &&
        !isTest(one.from) &&
        !(one.typeOnly && home === 'src/engine') &&
        NO_PACKAGE[home]!.test(one.to)
      );
    });
    expect(bad.map((one) => `${one.from} imports ${one.to}`)).toEqual([]);
  });
  it('cross top folders by alias, stay inside by relative path', () => {
    const top = (file: string) => file.split('/').slice(0, 2).join('/');
    const crossing = files.flatMap((file) =>
      [...sources.get(file)!.matchAll(/from '(\.[^']+)'/g)]
        .map((match) => resolveImport(file, match[1]!)!)
        .filter((to) => top(to) !== top(file) && file.startsWith('src/') && !isTest(file))
        .map((to) => `${file} imports ${to} by a relative path`),
    );
    expect(crossing).toEqual([]);
  });
  it('between features form no cycle', () => {
    const edges = new Map<string, Set<string>>();
    for (const { from, to, ours } of imports) {
      const [a, b] = [featureOf(from), featureOf(to)];
      if (ours && a && b && a !== b && !isTest(from)) edges.set(a, (edges.get(a) ?? new Set()).add(b));
    }
    expect(cycles(edges)).toEqual([]);
  });
  it('between files of the contract form no cycle', () => {
    const edges = new Map<string, Set<string>>();
    for (const { from, to, ours, typeOnly } of imports) {
      if (ours && !typeOnly && inside(from, 'src/contract') && inside(to, 'src/contract'))
        edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
    expect(cycles(edges)).toEqual([]);
  });
});

describe('files', () => {
  it(`have at most ${LINES} lines`, () => {
    const long = files.filter((file) => !(file in LONG) && sources.get(file)!.split('\n').length > LINES + 1);
    expect(long).toEqual([]);
  });
  it('are named in kebab case after what they are', () => {
    const odd = files.filter((file) => {
      const name = path.posix.basename(file).replace(/(\.[a-z0-9]+)*\.(ts|tsx|mts)$/, '');
      return !/^[a-z0-9$_-]+$/.test(name) || /^(utils?|helpers?|common|misc|manager)$/.test(name);
    });
    expect(odd).toEqual([]);
  });
  it('allow-list names files that need it', () => {
    expect(Object.keys(LONG).filter((file) => !sources.has(file))).toEqual([]);
  });
});

describe('plug-in folders are registered', () => {
  it.each(['src/engine/analyzers', 'src/engine/versions', 'src/engine/policy/gates'])('%s', (folder) => {
    const absolute = path.join(root, folder);
    if (!existsSync(absolute)) return;
    const registry = readFileSync(path.join(absolute, 'registry.ts'), 'utf8');
    const folders = readdirSync(absolute).filter(
      (name) => statSync(path.join(absolute, name)).isDirectory() && name !== 'fixtures',
    );
    const plugins = folders.filter(
      (name) => existsSync(path.join(absolute, name, 'index.ts')) || folder.endsWith('gates'),
    );
    expect(plugins.filter((name) => !new RegExp(`from './${name}(/|\\.ts)`).test(registry))).toEqual([]);
  });
});

describe('the import reader', () => {
  const read = (source: string) =>
    importsOf('src/features/a/x.ts', source).map((one) => `${one.typeOnly ? 'type ' : ''}${one.to}`);
  it.each([
    [`import { a } from './b.ts';`, ['src/features/a/b.ts']],
    [`import type { A } from '#engine/model/package.ts';`, ['type src/engine/model/package.ts']],
    [`import { type A, type B } from '#contract/x.ts';`, ['type src/contract/x.ts']],
    [`import { type A, b } from '../c/index.ts';`, ['src/features/c/index.ts']],
    [`import {\n  a,\n  b,\n} from 'kysely';\nexport * from './z.ts';`, ['kysely', 'src/features/a/z.ts']],
    [`import 'side-effect';\nconst x = await import('#platform/y.ts');`, ['side-effect', 'src/platform/y.ts']],
    [`// import { a } from './b.ts';\n/* import 'x'; */`, []],
  ])('%s', (source, expected) => expect(read(source)).toEqual(expected));
});
