import type { IndexMeta, OperatingSystemOverride } from '../index/format.ts';
import { INDEX_FORMAT } from '../index/format.ts';
import { ROLLING } from '../sources/system-names.ts';

/** Distributions that are judged by the records of another, where no database brings such rules. */
const ALIASES: readonly [alias: string, replacement: string][] = [
  ['centos', 'rhel'],
  ['rocky', 'rhel'],
  ['rockylinux', 'rhel'],
  ['alma', 'rhel'],
  ['almalinux', 'rhel'],
  ['scientific', 'rhel'],
  ['raspbian', 'debian'],
  ['oracle', 'ol'],
  ['oraclelinux', 'ol'],
  ['amazon', 'amzn'],
  ['amazonlinux', 'amzn'],
  ['arch', 'archlinux'],
];

/** What holds for an index before any source is in it. */
export function emptyMeta(checksum: string): IndexMeta {
  return {
    format: INDEX_FORMAT,
    checksum,
    schemaVersion: '6.1.9',
    builtAt: '',
    providers: [],
    operatingSystems: [],
    overrides: ALIASES.map(([alias, replacement]) => override(alias, replacement, false)),
    ecosystemAliases: {},
    architectureAliases: { x86_64: 'amd64', aarch64: 'arm64', i386: '386', i686: '386' },
    ecosystems: {},
    anomalies: {},
  };
}

/** Makes sure that distributions without releases are found whatever version an image names. */
export function withRollingReleases(meta: IndexMeta): void {
  for (const name of ROLLING) {
    if (!meta.operatingSystems.some((row) => row.name.toLowerCase() === name)) continue;
    if (!meta.overrides.some((row) => row.alias === name)) meta.overrides.push(override(name, null, true));
  }
}

function override(alias: string, replacement: string | null, rolling: boolean): OperatingSystemOverride {
  return {
    alias,
    version: '',
    versionPattern: '',
    codename: '',
    channel: '',
    replacement,
    replacementMajor: null,
    replacementMinor: null,
    replacementLabel: null,
    replacementChannel: null,
    rolling,
    applicableClientSchemas: '',
  };
}
