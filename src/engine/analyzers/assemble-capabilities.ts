import type { Package } from '../model/package.ts';

/** Names under which an OS package satisfies the needs of others: its own and those it says it provides. */
export function capabilities(pkg: Package): Set<string> {
  const provided = pkg.metadata.provides;
  const names = new Set([pkg.name]);
  if (Array.isArray(provided)) for (const entry of provided) if (typeof entry === 'string') names.add(bareName(entry));
  return names;
}

/**
 * What an OS package needs: a list of needs, each a list of alternatives in order of preference. Conflicts, features of
 * the package manager itself (`rpmlib(…)`) and rpm's boolean dependencies are left out: they name no single package.
 */
export function requirements(pkg: Package): string[][] {
  return (pkg.dependencies ?? []).flatMap((entry) => {
    if (entry.startsWith('!') || entry.startsWith('rpmlib(') || entry.startsWith('(')) return [];
    const alternatives = pkg.type === 'deb' ? entry.split('|') : [entry];
    const names = alternatives.map(bareName).filter((name) => name !== '');
    return names.length > 0 ? [names] : [];
  });
}

/**
 * Strips versions and architecture marks: `libc6 (>= 2.36)`, `perl:any`, `musl>=1.2`, `so:libz.so.1=1.2.11`,
 * `foo <!nocheck>`. Parentheses that belong to the name (`libc.so.6(GLIBC_2.4)(64bit)`) stay.
 */
function bareName(entry: string): string {
  const text = entry.trim();
  const end = text.search(/\s|[<>=~]/);
  const name = end < 0 ? text : text.slice(0, end);
  return name.replace(/:(any|native|[a-z0-9-]*(?:amd64|arm64|i386|armhf|armel|s390x|riscv64|ppc64el))$/, '');
}
