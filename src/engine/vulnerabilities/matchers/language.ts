import { candidate } from '#engine/versions/constraint.ts';
import { isPseudoVersion } from '#engine/versions/go/index.ts';
import { recordNamespace } from '../namespace.ts';
import type { MatchablePackage } from '../types.ts';
import type { MatchContext, Search } from './context.ts';
import { assess } from './context.ts';
import { cpeSearchEnabled, searchCpes } from './cpe.ts';
import { addVulnerable } from './distro-search.ts';
import { ECOSYSTEMS, languageNames } from './language-names.ts';

/** Packages of languages and of everything else: by ecosystem and name, and by CPE where that is on. */
export function matchLanguage(context: MatchContext): void {
  if (context.pkg.type === 'go-module' && isUnreleasedMain(context)) return;
  matchByEcosystem(context);
  if (!cpeSearchEnabled(context)) return;
  const jvm = isJavaRuntime(context.pkg);
  searchCpes(context, jvm ? { withUpdate: javaUpdate } : {}, (search, hit) => context.findings.add(search, hit));
}

function matchByEcosystem(context: MatchContext): void {
  const { pkg, reader } = context;
  const ecosystem = ECOSYSTEMS[pkg.type];
  if (ecosystem === undefined) return;
  const version = candidate(pkg.type === 'go-module' ? goVersion(pkg) : pkg.version);
  for (const name of languageNames(pkg)) {
    const records = reader.packageRecords(ecosystem, name, '');
    if (records.length === 0) continue;
    const search: Search = { name, version, kind: 'exact-direct', arch: pkg.arch };
    addVulnerable(
      context,
      search,
      assess(context, search, records, (record) => recordNamespace(record.provider, ecosystem, name, undefined)),
    );
  }
}

function goVersion(pkg: MatchablePackage): string {
  return pkg.name === 'stdlib' || pkg.name === 'std' ? pkg.version.replace(/^go/, '') : pkg.version;
}

/** A program's own module without a release version says nothing about which release it is. */
function isUnreleasedMain({ pkg, settings }: MatchContext): boolean {
  if (pkg.version === '(devel)' || pkg.version === 'devel') return true;
  const main = pkg.metadata?.mainModule;
  const isMain = main === pkg.name || pkg.metadata?.isMainModule === true;
  if (!isMain || settings.goMainModulePseudoVersions === true) return false;
  return /^v0\.0\.0-/.test(pkg.version) && isPseudoVersion(pkg.version);
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
