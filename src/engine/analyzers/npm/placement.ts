/**
 * Where a `package.json` lies:
 * - `installed`: root of a package under `node_modules`;
 * - `project`: outside of any `node_modules`;
 * - `inside`: deeper in the tree of an installed package (`owner` is that package's directory).
 */
export type Placement = { kind: 'installed' | 'project' } | { kind: 'inside'; owner: string; rest: string };

/** Directories whose manifests describe test input and samples, never something that runs. */
const SAMPLE_DIRECTORY =
  /(^|\/)(tests?|__tests?__|spec|specs|fixtures?|__fixtures__|__mocks__|mocks?|examples?|samples?|demos?|testdata|test-data|templates?|skeletons?|benchmarks?|e2e)(\/|$)/i;

/** Semantic Versioning 2.0.0, with a leading `v` or `=` as npm tolerates. */
const SEMANTIC_VERSION = /^[v=]?\d{1,16}\.\d{1,16}\.\d{1,16}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

const NODE_MODULES = '/node_modules/';

/** Classifies the path of a `package.json`. */
export function placement(path: string): Placement {
  const at = path.lastIndexOf(NODE_MODULES);
  if (at < 0) return { kind: 'project' };
  const segments = path.slice(at + NODE_MODULES.length).split('/');
  const depth = segments[0]?.startsWith('@') ? 2 : 1;
  if (segments.length === depth + 1) return { kind: 'installed' };
  if (segments.length < depth + 1) return { kind: 'project' };
  return {
    kind: 'inside',
    owner: path.slice(0, at) + NODE_MODULES + segments.slice(0, depth).join('/'),
    rest: segments.slice(depth, -1).join('/'),
  };
}

/**
 * Whether a manifest found inside an installed package stands for a package of its own (a bundled copy) rather than
 * for a module-type stub of its owner, a test fixture or a template.
 */
export function isBundledCopy(
  place: { rest: string },
  manifest: { name: string; version: string },
  ownerName: string | undefined,
): boolean {
  if (manifest.name === ownerName || manifest.name.startsWith(`${ownerName}/`)) return false;
  if (SAMPLE_DIRECTORY.test(place.rest)) return false;
  if (!SEMANTIC_VERSION.test(manifest.version) || manifest.version === '0.0.0') return false;
  return /^(@[a-z0-9~][\w.~-]*\/)?[a-z0-9~][\w.~-]*$/i.test(manifest.name);
}
