import type { Package } from '../model/package.ts';
import { OS_PACKAGE_TYPES } from '../model/package.ts';

/** Everyday names of package types, beside the exact ones. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  java: ['java-archive', 'jenkins-plugin'],
  maven: ['java-archive'],
  go: ['go-module'],
  dpkg: ['deb'],
  rust: ['rust-crate'],
  nuget: ['dotnet'],
  php: ['php-composer', 'php-pear'],
  composer: ['php-composer'],
};

/** Tells whether a package is of one of the named types: `all`, `os`, `non-os`, a type, or an ecosystem's name. */
export function packageTypeFilter(names: readonly string[] | undefined): (pkg: Package) => boolean {
  const wanted = (names ?? []).map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
  if (wanted.length === 0 || wanted.includes('all')) return () => true;
  const types = new Set(wanted.flatMap((name) => [name, ...(FAMILIES[name] ?? [])]));
  return ({ type }) => {
    const isOs = OS_PACKAGE_TYPES.has(type);
    return types.has(type.toLowerCase()) || types.has(isOs ? 'os' : 'non-os');
  };
}
