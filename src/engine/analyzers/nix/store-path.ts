/** Parts of the name of a store path, `<hash>-<name>-<version>[-<output>]`. */
export interface StoreName {
  hash: string;
  name: string;
  version: string;
  /** `bin`, `dev` …; empty for the only or the main one. */
  output: string;
}

const STORE_NAME = /^(?<hash>[0-9a-df-np-sv-z]{32})-(?<rest>[0-9a-zA-Z+._?=-]{1,211})$/;
/** Outputs that packages of nixpkgs split themselves into. */
const OUTPUT =
  /-(?<output>bin|dev|devdoc|lib|libs|out|man|doc|info|debug|static|data|tools|terminfo|getent|py|python|modules|dist|examples|installedTests|nspawn|cli|daemon)$/;
/** Sources, patches, scripts and settings lie in the store as well, often with the version of a package in their name. */
const NO_PACKAGE =
  /\.(?:drv|lock|patch|patch\.\w+|diff|tar|tar\.\w+|tgz|t[bx]z2?|zip|gz|bz2|xz|zst|gem|whl|crate|jar|pom|sh|bash|pl|py|rb|nix|json|yaml|yml|toml|xml|conf|cfg|ini|service|socket|txt|html|asc|sig|pem|crt|rpm|deb|apk|iso|img|desktop|chroot)$|-(?:source|src|hook|wrapper-script|vendor|go-modules|deps)$|^(?:source|closure-info|env-manifest|user-environment)/;

/**
 * Splits the last component of a store path as Nix does: the version starts at the first dash that no letter follows, or at
 * `-unstable-` before a date. Undefined for what is no package or has no version.
 */
export function splitStoreName(component: string): StoreName | undefined {
  const { hash = '', rest = '' } = STORE_NAME.exec(component)?.groups ?? {};
  if (hash === '' || NO_PACKAGE.test(rest)) return undefined;
  const output = OUTPUT.exec(rest)?.groups?.output ?? '';
  const full = output === '' ? rest : rest.slice(0, -output.length - 1);
  const at = full.search(/-(?:unstable-\d{4}-|[^a-zA-Z-])/);
  if (at <= 0) return undefined;
  const version = full.slice(at + 1);
  return /\d/.test(version) ? { hash, name: full.slice(0, at), version, output } : undefined;
}
