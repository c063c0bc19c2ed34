import { parse as parseYaml } from 'yaml';
import { objectsOf } from '#shared/json-object.ts';
import { entries, fields, parseJson, text, texts } from './fields.ts';
import type { Declaration, DeclaredPackage, ManifestKind } from './types.ts';

const YAML = { maxAliasCount: 100, logLevel: 'silent' } as const;

/** `pubspec.lock` of Dart. */
function readPubspecLock(source: string): Declaration {
  const packages = entries(fields(parseYaml(source, YAML)).packages).flatMap(([name, row]): DeclaredPackage[] => {
    const version = text(row.version);
    if (version === undefined || row.source === 'sdk' || row.source === 'path') return [];
    return [
      { name: text(fields(row.description).name) ?? name, version, development: row.dependency === 'direct dev' },
    ];
  });
  return { packages };
}

/** `mix.lock` of Elixir: a map whose values are tuples; only packages of Hex have a version. */
function readMixLock(source: string): Declaration {
  const found = source.matchAll(/"[^"\n]+"\s*:\s*\{\s*:hex\s*,\s*:"?([\w-]+)"?\s*,\s*"([^"\n]+)"/g);
  return { packages: [...found].map(([, name, version]) => ({ name: name!, version: version! })) };
}

/** `rebar.lock` of Erlang. */
function readRebarLock(source: string): Declaration {
  const found = source.matchAll(/\{\s*pkg\s*,\s*<<"([^"\n]+)">>\s*,\s*<<"([^"\n]+)">>/g);
  return { packages: [...found].map(([, name, version]) => ({ name: name!, version: version! })) };
}

/** Host and path of a repository address, `github.com/apple/swift-nio`. */
function repository(address: string): string {
  return address
    .replace(/^[a-z+]+:\/\/(?:[^@/]*@)?/i, '')
    .replace(/^[\w.-]+@([^:/]+):/, '$1/')
    .replace(/\.git$/, '')
    .replace(/\/+$/, '');
}

/** `Package.resolved` of Swift, versions 1 to 3. Advisories name packages by their repository. */
function readSwiftResolved(source: string): Declaration {
  const document = parseJson(source);
  const packages = objectsOf(document.pins ?? fields(document.object).pins).flatMap((pin): DeclaredPackage[] => {
    const state = fields(pin.state);
    const version = text(state.version);
    const location = text(pin.location) ?? text(pin.repositoryURL);
    const name = location === undefined ? (text(pin.identity) ?? text(pin.package)) : repository(location);
    const revision = text(state.revision);
    return name && version ? [{ name, version, metadata: revision ? { revision } : {} }] : [];
  });
  return { packages };
}

/** `Podfile.lock` of CocoaPods; parts of a pod (`Name/Part`) have the version of the whole. */
function readPodfileLock(source: string): Declaration {
  const pods = fields(parseYaml(source, YAML)).PODS;
  const byName = new Map<string, DeclaredPackage>();
  for (const row of Array.isArray(pods) ? pods : []) {
    const [, pod, version] =
      /^([^\s(]+) \(([^)]+)\)$/.exec(typeof row === 'string' ? row : (Object.keys(fields(row))[0] ?? '')) ?? [];
    const name = pod?.split('/', 1)[0];
    if (name && version) byName.set(name, { name, version });
  }
  return { packages: [...byName.values()] };
}

/** `conan.lock`, versions 1 and 2: references `name/version@user/channel#revision`. */
function readConanLock(source: string): Declaration {
  const lock = parseJson(source);
  const references = [
    ...texts(lock.requires),
    ...texts(lock.build_requires),
    ...entries(fields(lock.graph_lock).nodes).flatMap(([, node]) => text(node.ref) ?? []),
  ];
  const packages = references.flatMap((reference): DeclaredPackage[] => {
    const [, name, version] = /^([^/@#\s]+)\/([^/@#%\s]+)/.exec(reference) ?? [];
    return name && version ? [{ name, version }] : [];
  });
  return { packages };
}

/** `stack.yaml.lock`: `name-version@sha256:…`. */
function readStackLock(source: string): Declaration {
  const packages = objectsOf(fields(parseYaml(source, YAML)).packages).flatMap((row): DeclaredPackage[] => {
    const stated = text(fields(row.original).hackage) ?? text(fields(row.completed).hackage) ?? '';
    const [, name, version] = /^([A-Za-z][\w-]*?)-(\d[\d.]*)(?:@|$)/.exec(stated) ?? [];
    return name && version ? [{ name, version }] : [];
  });
  return { packages };
}

/** `cabal.project.freeze`: `any.name ==version`. */
function readCabalFreeze(source: string): Declaration {
  const found = source.matchAll(/(?:^|[\s,])(?:any\.)?([A-Za-z][\w-]*)\s*==\s*(\d[\d.]*)/g);
  return { packages: [...found].map(([, name, version]) => ({ name: name!, version: version! })) };
}

/** `renv.lock` of R. */
function readRenvLock(source: string): Declaration {
  const packages = entries(parseJson(source).Packages).flatMap(([key, row]): DeclaredPackage[] => {
    const version = text(row.Version);
    return version ? [{ name: text(row.Package) ?? key, version }] : [];
  });
  return { packages };
}

/** Actions and reusable workflows that a workflow of GitHub uses, with the version behind `@` or in the comment of a commit. */
function readWorkflow(source: string): Declaration {
  const byKey = new Map<string, DeclaredPackage>();
  for (const [, quoted, plain, comment] of source.matchAll(
    /^[ \t-]*uses:[ \t]*(?:["']([^"'\n]+)["']|([^\s#"']+))[ \t]*(?:#[ \t]*(.*))?$/gm,
  )) {
    const [, name, reference] = /^([\w.-]+\/[\w.-]+(?:\/[^@\s]+)?)@(\S+)$/.exec(quoted ?? plain ?? '') ?? [];
    if (!name || !reference) continue;
    const commented = /(?:^|\s)(v?\d+(?:\.\d+)*[\w.+-]*)/.exec(comment ?? '')?.[1];
    const commit = /^[0-9a-f]{40}$/.test(reference);
    const version = commit ? commented : reference;
    if (version) byKey.set(`${name}@${version}`, { name, version, metadata: commit ? { commit: reference } : {} });
  }
  return { packages: [...byKey.values()] };
}

/** Lock files of ecosystems with one form each. */
export const FURTHER_MANIFESTS: readonly ManifestKind[] = [
  {
    name: 'pubspec-lock',
    type: 'dart-pub',
    metadataType: 'dart-pubspec-lock-entry',
    file: /^pubspec\.lock$/,
    read: readPubspecLock,
  },
  { name: 'mix-lock', type: 'hex', metadataType: 'elixir-mix-lock-entry', file: /^mix\.lock$/, read: readMixLock },
  {
    name: 'rebar-lock',
    type: 'hex',
    metadataType: 'erlang-rebar-lock-entry',
    file: /^rebar\.lock$/,
    read: readRebarLock,
  },
  {
    name: 'swift-resolved',
    type: 'swift',
    metadataType: 'swift-package-manager-lock-entry',
    file: /^\.?package\.resolved$/,
    read: readSwiftResolved,
  },
  {
    name: 'podfile-lock',
    type: 'pod',
    metadataType: 'cocoa-podfile-lock-entry',
    file: /^podfile\.lock$/,
    read: readPodfileLock,
  },
  { name: 'conan-lock', type: 'conan', metadataType: 'c-conan-lock-entry', file: /^conan\.lock$/, read: readConanLock },
  {
    name: 'stack-lock',
    type: 'hackage',
    metadataType: 'haskell-hackage-stack-lock-entry',
    file: /^stack\.yaml\.lock$/,
    read: readStackLock,
  },
  { name: 'cabal-freeze', type: 'hackage', file: /^cabal\.project\.freeze$/, read: readCabalFreeze },
  { name: 'renv-lock', type: 'R-package', file: /^renv\.lock$/, read: readRenvLock },
  {
    name: 'github-workflow',
    type: 'github-action',
    metadataType: 'github-actions-use-statement',
    file: /\.ya?ml$/,
    path: /\/\.github\/(workflows\/[^/]+|actions\/.+\/action)\.ya?ml$|^\/action\.ya?ml$/,
    read: readWorkflow,
  },
];
