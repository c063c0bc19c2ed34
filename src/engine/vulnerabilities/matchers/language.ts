import type { Candidate } from '#engine/versions/constraint.ts';
import { candidate } from '#engine/versions/constraint.ts';
import type { NamespaceOf } from '../namespace.ts';
import { namespaceOf, recordNamespace } from '../namespace.ts';
import type { MatchablePackage } from '../types.ts';
import type { Assessment, MatchContext, Search } from './context.ts';
import { assess, emptyAssessment } from './context.ts';
import { searchCpesWhereOn } from './cpe.ts';
import { addVulnerable } from './distro-search.ts';
import { ECOSYSTEMS, languageNames } from './language-names.ts';
import { bothNames, isRebuilt } from './rebuilt.ts';

/** Packages of languages and of everything else: by ecosystem and name, and by CPE where that is on. */
export function matchLanguage(context: MatchContext): void {
  const { pkg } = context;
  if (pkg.type === 'go-module' && isUnreleasedMain(context)) return;
  const ecosystem = ECOSYSTEMS[pkg.type];
  if (ecosystem !== undefined) matchByEcosystem(context, ecosystem);
  searchCpesWhereOn(context, isJavaRuntime(pkg) ? { withUpdate: javaUpdate } : {});
}

/** By all names; what the records of one name say to be unaffected counts for all of them. */
function matchByEcosystem(context: MatchContext, ecosystem: string): void {
  const { pkg, reader } = context;
  const names = searchedNames(pkg);
  const text = pkg.type === 'go-module' ? goVersion(pkg) : pkg.version;
  const found: { search: Search; assessment: Assessment }[] = [];
  let version: Candidate | undefined;
  for (const name of names) {
    const group = reader.packageRecords(ecosystem, name, '');
    if (!group) continue;
    version ??= candidate(text);
    const shown = { name, version: text };
    const search: Search = { name, version, kind: 'exact-direct', arch: pkg.arch, shown, hidden: undefined };
    const assessment = emptyAssessment();
    assess(context, search, group, languageNamespace(ecosystem, name), assessment);
    found.push({ search, assessment });
  }
  const unaffected = found.length === 1 ? undefined : found.flatMap(({ assessment }) => assessment.unaffected);
  for (const { search, assessment } of found)
    addVulnerable(context, search, unaffected ? { vulnerable: assessment.vulnerable, unaffected } : assessment);
}

/** Names under which the records of the ecosystem are looked up. */
export function searchedNames(pkg: MatchablePackage): string[] {
  const names = languageNames(pkg);
  return isRebuilt(pkg) ? [...new Set(names.flatMap((name) => bothNames(pkg.type, name)))] : names;
}

const namespaces = new Map<string, NamespaceOf>();

function languageNamespace(ecosystem: string, name: string): NamespaceOf {
  // Updates of Windows are recorded by product, and shown so.
  const perName = ecosystem === 'msrc-kb';
  const known = perName ? undefined : namespaces.get(ecosystem);
  if (known) return known;
  const made = namespaceOf((provider) => recordNamespace(provider, ecosystem, name, undefined));
  if (!perName) namespaces.set(ecosystem, made);
  return made;
}

function goVersion(pkg: MatchablePackage): string {
  return pkg.name === 'stdlib' || pkg.name === 'std' ? pkg.version.replace(/^go/, '') : pkg.version;
}

/** A program's own module without a release version says nothing about which release it is. */
function isUnreleasedMain({ pkg, settings }: MatchContext): boolean {
  if (pkg.version === '(devel)' || pkg.version === 'devel') return true;
  if (settings.goMainModulePseudoVersions === true || !pkg.version.startsWith('v0.0.0-')) return false;
  return pkg.metadata?.mainModule === pkg.name || pkg.metadata?.isMainModule === true;
}

/** Java runtimes are found as binaries and judged by their own kind of versions. */
export function isJavaRuntime(pkg: MatchablePackage): boolean {
  return (
    pkg.type === 'binary' &&
    (pkg.metadata?.isJvm === true || /(?:^|[-_/])(?:jdk|jre|openjdk|zulu|graalvm|temurin)(?:$|[-_/])/.test(pkg.name))
  );
}

/** `8` and `update282` as `1.8.0_282`. */
function javaUpdate(version: string, update: string): string {
  const number = /^(?:update[_-]?|u)?([0-9]+)$/.exec(update)?.[1];
  if (number === undefined) return version;
  const feature = /^(?:1\.)?([0-9]+)(?:\.0)?$/.exec(version)?.[1];
  return feature === undefined ? `${version}_${number}` : `1.${feature}.0_${number}`;
}
