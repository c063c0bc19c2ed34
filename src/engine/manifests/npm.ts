import { parseAllDocuments, parse as parseYaml } from 'yaml';
import { isObject, type Json } from '#shared/json-object.ts';
import { entries, fields, parseJson, text } from './fields.ts';
import type { Declaration, DeclaredPackage, ManifestKind } from './types.ts';

const VERSION = /^\d+\.\d+\.\d+/;
const YAML = { maxAliasCount: 100, logLevel: 'silent' } as const;

/** `package-lock.json` and `npm-shrinkwrap.json` of npm 5 and later: nested (version 1) or by path (versions 2 and 3). */
function readNpmLock(source: string): Declaration {
  const lock = parseJson(source);
  if (isObject(lock.packages)) return { packages: entries(lock.packages).flatMap(([path, row]) => byPath(path, row)) };
  const packages: DeclaredPackage[] = [];
  const pending = entries(lock.dependencies);
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [name, row] = next;
    packages.push(...nested(name, row));
    pending.push(...entries(row.dependencies));
  }
  return { packages };
}

function byPath(path: string, row: Json): DeclaredPackage[] {
  const at = path.lastIndexOf('node_modules/');
  const version = text(row.version);
  // Paths without node_modules are the project and its workspaces; links lead to them.
  if (at < 0 || version === undefined || row.link === true) return [];
  const name = text(row.name) ?? path.slice(at + 'node_modules/'.length);
  return [
    {
      name,
      version,
      dependencies: Object.keys({ ...fields(row.dependencies), ...fields(row.optionalDependencies) }),
      licenses: [text(row.license)].filter((one) => one !== undefined),
      development: row.dev === true || row.devOptional === true,
      metadata: origin(row),
    },
  ];
}

function nested(key: string, row: Json): DeclaredPackage[] {
  const stated = text(row.version) ?? '';
  const [, alias, aliased] = /^npm:(.+)@([^@]+)$/.exec(stated) ?? [];
  const version = aliased ?? stated;
  if (!VERSION.test(version)) return [];
  return [
    {
      name: alias ?? key,
      version,
      dependencies: Object.keys(fields(row.requires)),
      development: row.dev === true,
      metadata: origin(row),
    },
  ];
}

function origin(row: Json): Record<string, unknown> {
  const resolved = text(row.resolved);
  const integrity = text(row.integrity);
  return { ...(resolved ? { resolved } : {}), ...(integrity ? { integrity } : {}) };
}

/** `yarn.lock`: the format of Yarn 1, or the YAML of Yarn 2 and later. */
function readYarnLock(source: string): Declaration {
  return /^__metadata:/m.test(source) ? readBerry(source) : readClassic(source);
}

/** Name in a descriptor, `name@range` or `@scope/name@npm:range`; of an alias, the name that it stands for. */
function described(descriptor: string): string | undefined {
  const alias = /^@?[^@]+@npm:(@?[^@\s]+)@/.exec(descriptor)?.[1];
  return alias ?? /^(@?[^@]+)@/.exec(descriptor)?.[1];
}

function readClassic(source: string): Declaration {
  const packages: DeclaredPackage[] = [];
  let name: string | undefined;
  let current: DeclaredPackage | undefined;
  let inDependencies = false;
  for (const line of source.split(/\r?\n/)) {
    if (/^\S/.test(line) && !line.startsWith('#')) {
      name = described(
        line
          .split(',')[0]!
          .trim()
          .replace(/^"|"?:?$|"$/g, ''),
      );
      current = undefined;
      inDependencies = false;
      continue;
    }
    const [, key, value = ''] = /^ {2}"?([^\s":]+)"?:?\s*(.*)$/.exec(line) ?? [];
    if (key === 'version' && name !== undefined) {
      const version = value.replace(/^"|"$/g, '');
      current = VERSION.test(version) ? { name, version, dependencies: [] } : undefined;
      if (current) packages.push(current);
    } else if (key === 'resolved' && current) current.metadata = { resolved: value.replace(/^"|"$/g, '') };
    if (key !== undefined) inDependencies = key === 'dependencies' || key === 'optionalDependencies';
    else if (inDependencies) {
      const needed = /^ {4}"?([^\s"]+)"?\s/.exec(line)?.[1];
      if (needed) current?.dependencies?.push(needed);
    }
  }
  return { packages };
}

function readBerry(source: string): Declaration {
  return {
    packages: entries(parseYaml(source, YAML)).flatMap(([key, row]) => {
      const [, name, version] = /^(@?[^@]+)@npm:([^:]+?)(?:::.*)?$/.exec(text(row.resolution) ?? '') ?? [];
      if (key === '__metadata' || !name || !version || !VERSION.test(version)) return [];
      return [{ name, version, dependencies: Object.keys(fields(row.dependencies)) }];
    }),
  };
}

/** `pnpm-lock.yaml` of all versions: keys are `/name/1.0.0_peers`, `/name@1.0.0(peers)` or `name@1.0.0(peers)`. */
function readPnpmLock(source: string): Declaration {
  const byKey = new Map<string, DeclaredPackage>();
  for (const document of parseAllDocuments(source, YAML) as { toJS(options: object): unknown; errors: Error[] }[]) {
    if (document.errors[0]) throw document.errors[0];
    const lock = fields(document.toJS({ maxAliasCount: 100 }));
    for (const [key, row] of [...entries(lock.packages), ...entries(lock.snapshots)]) {
      const bare = key.replace(/^\//, '').replace(/\(.*$/, '');
      const [, name, version] =
        /^((?:@[^/@]+\/)?[^/@]+)@(\d[^/_]*)$/.exec(bare) ??
        /^((?:@[^/]+\/)?[^/]+)\/(\d[^/_]*)(?:_.*)?$/.exec(bare) ??
        [];
      if (!name || !version || !VERSION.test(version)) continue;
      const known = byKey.get(`${name}@${version}`);
      const needed = [...Object.keys(fields(row.dependencies)), ...Object.keys(fields(row.optionalDependencies))];
      byKey.set(`${name}@${version}`, {
        name,
        version,
        dependencies: [...new Set([...(known?.dependencies ?? []), ...needed])],
        development: row.dev === true,
      });
    }
  }
  return { packages: [...byKey.values()] };
}

/** `bun.lock`: JSON with commas at ends. */
function readBunLock(source: string): Declaration {
  const lock = fields(parseYaml(source.replace(/^\s*\/\/.*$/gm, ''), YAML));
  return {
    packages: Object.values(fields(lock.packages)).flatMap((row) => {
      const [resolution, ...rest] = Array.isArray(row) ? row : [];
      const [, name, version] = /^(@?[^@]+)@([^@]+)$/.exec(text(resolution) ?? '') ?? [];
      if (!name || !version || !VERSION.test(version)) return [];
      return [
        {
          name,
          version,
          dependencies: Object.keys(fields(rest.map(fields).find((one) => one.dependencies)?.dependencies)),
        },
      ];
    }),
  };
}

/** The packages of npm in a `deno.lock`. */
function readDenoLock(source: string): Declaration {
  const lock = parseJson(source);
  const npm = fields(lock.npm ?? fields(lock.packages).npm);
  return {
    packages: Object.keys(isObject(npm.packages) ? npm.packages : npm).flatMap((key) => {
      const [, name, version] = /^(@?[^@]+)@(\d[^_@]*)/.exec(key) ?? [];
      return name && version && VERSION.test(version) ? [{ name, version }] : [];
    }),
  };
}

/** Lock files of JavaScript's package managers. */
export const NPM_MANIFESTS: readonly ManifestKind[] = [
  {
    name: 'npm-lock',
    type: 'npm',
    metadataType: 'javascript-npm-package-lock-entry',
    file: /^(package-lock|npm-shrinkwrap)\.json$/,
    read: readNpmLock,
  },
  {
    name: 'yarn-lock',
    type: 'npm',
    metadataType: 'javascript-yarn-lock-entry',
    file: /^yarn\.lock$/,
    read: readYarnLock,
  },
  {
    name: 'pnpm-lock',
    type: 'npm',
    metadataType: 'javascript-pnpm-lock-entry',
    file: /^pnpm-lock\.yaml$/,
    read: readPnpmLock,
  },
  { name: 'bun-lock', type: 'npm', file: /^bun\.lock$/, read: readBunLock },
  { name: 'deno-lock', type: 'npm', file: /^deno\.lock$/, read: readDenoLock },
];
