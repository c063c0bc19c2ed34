/** A library of a `.deps.json` file (.NET "runtime configuration", probing dependencies). */
export interface DotnetLibrary {
  name: string;
  version: string;
  /** `package`, `project`, `reference`, `runtimepack` … */
  kind: string;
  sha512?: string;
  path?: string;
  /** Whether the application uses files of it: assemblies, native libraries, resources. */
  hasAssets: boolean;
  dependencies: { name: string; version: string }[];
}

/** Fact of one `.deps.json`. */
export interface DotnetDepsFact {
  target: string;
  libraries: DotnetLibrary[];
  /** Names of the assemblies that the list places, lower case, without directories. */
  assets: string[];
  error?: string;
}

const MOST_LIBRARIES = 20_000;
const MOST_ASSETS = 50_000;
const ASSETS = ['runtime', 'native', 'runtimeTargets', 'resources'];

type Json = Record<string, unknown>;

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function split(key: string): { name: string; version: string } | undefined {
  const slash = key.lastIndexOf('/');
  if (slash <= 0 || slash === key.length - 1 || key.length > 512) return undefined;
  return { name: key.slice(0, slash), version: key.slice(slash + 1) };
}

/** Placeholder assets (`_._`) say that nothing is there on purpose. */
function hasAssets(entry: Json): boolean {
  return ASSETS.some((kind) =>
    Object.keys(object(entry[kind])).some((path) => !path.endsWith('/_._') && path !== '_._'),
  );
}

function assemblyNames(entry: Json): string[] {
  return ASSETS.flatMap((kind) => Object.keys(object(entry[kind])))
    .map((path) => path.slice(path.lastIndexOf('/') + 1).toLowerCase())
    .filter((name) => name.length <= 256 && /\.(?:dll|exe)$/.test(name));
}

/** Reads the libraries of the target that the application runs on. Throws SyntaxError when it is not JSON. */
export function readDeps(bytes: Uint8Array): DotnetDepsFact {
  const document = object(JSON.parse(new TextDecoder().decode(bytes)));
  const targets = object(document.targets);
  const named = object(document.runtimeTarget).name;
  const target = typeof named === 'string' && named in targets ? named : (Object.keys(targets)[0] ?? '');
  const entries = object(targets[target]);
  const libraries = object(document.libraries);
  const out: DotnetLibrary[] = [];
  const assets = new Set<string>();
  for (const key of new Set([...Object.keys(entries), ...Object.keys(libraries)])) {
    const identity = split(key);
    if (identity === undefined || out.length >= MOST_LIBRARIES) continue;
    const entry = object(entries[key]);
    const library = object(libraries[key]);
    const { type, sha512, path } = library;
    for (const asset of assemblyNames(entry)) if (assets.size < MOST_ASSETS) assets.add(asset);
    out.push({
      ...identity,
      kind: typeof type === 'string' ? type.toLowerCase() : '',
      hasAssets: hasAssets(entry),
      dependencies: Object.entries(object(entry.dependencies))
        .map(([name, version]) => ({ name, version: String(version) }))
        .slice(0, 1000),
      ...(typeof sha512 === 'string' && sha512 !== '' ? { sha512: sha512.slice(0, 200) } : {}),
      ...(typeof path === 'string' ? { path: path.slice(0, 512) } : {}),
    });
  }
  return { target, libraries: out, assets: [...assets] };
}

/**
 * Libraries that are packages in use: those with files of their own, and those through which such packages came in.
 * Projects, reference assemblies and packages that contribute nothing are left out.
 */
export function usedPackages(fact: DotnetDepsFact): DotnetLibrary[] {
  const byName = new Map(fact.libraries.map((library) => [library.name.toLowerCase(), library]));
  const known = new Map<DotnetLibrary, boolean>();
  const contributes = (library: DotnetLibrary): boolean => {
    const answer = known.get(library);
    if (answer !== undefined) return answer;
    known.set(library, library.hasAssets);
    const found =
      library.hasAssets ||
      library.dependencies.some(({ name }) => {
        const needed = byName.get(name.toLowerCase());
        return needed !== undefined && needed.kind === 'package' && contributes(needed);
      });
    known.set(library, found);
    return found;
  };
  return fact.libraries.filter(
    (library) => (library.kind === 'package' || library.kind === 'runtimepack') && contributes(library),
  );
}
