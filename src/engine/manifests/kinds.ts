import { DOTNET_MANIFESTS } from './dotnet.ts';
import { FURTHER_MANIFESTS } from './further.ts';
import { GO_MANIFESTS } from './go.ts';
import { JAVA_MANIFESTS } from './java.ts';
import { NPM_MANIFESTS } from './npm.ts';
import { PHP_MANIFESTS } from './php.ts';
import { PYTHON_MANIFESTS } from './python.ts';
import { RUBY_MANIFESTS } from './ruby.ts';
import { RUST_MANIFESTS } from './rust.ts';
import type { ManifestKind } from './types.ts';

/** Every kind of file that is read, by name. */
export const MANIFEST_KINDS: ReadonlyMap<string, ManifestKind> = new Map(
  [
    ...NPM_MANIFESTS,
    ...PYTHON_MANIFESTS,
    ...GO_MANIFESTS,
    ...RUST_MANIFESTS,
    ...JAVA_MANIFESTS,
    ...RUBY_MANIFESTS,
    ...PHP_MANIFESTS,
    ...DOTNET_MANIFESTS,
    ...FURTHER_MANIFESTS,
  ].map((kind) => [kind.name, kind]),
);

/** Folders of installed packages and of version control: the files in them speak of other trees. */
const ELSEWHERE =
  /\/(node_modules|site-packages|dist-packages|vendor|\.git|\.venv|bower_components|testdata|__fixtures__)\//;

/** Ends of all names looked for: most files are decided by them. */
const ENDS = /\.(lock|json|txt|toml|ya?ml|mod|xml|config|(cs|fs|vb)proj|props|freeze|resolved|lockfile|locked)$/i;

/** The kind of a file, by its absolute path in the tree; undefined for all others. */
export function manifestKindOf(path: string): ManifestKind | undefined {
  if (!ENDS.test(path)) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  for (const kind of MANIFEST_KINDS.values())
    if (kind.file.test(name) && (kind.path === undefined || kind.path.test(path)))
      return ELSEWHERE.test(path) ? undefined : kind;
  return undefined;
}
