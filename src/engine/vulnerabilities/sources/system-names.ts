import type { SystemName } from './types.ts';

/** Names of distributions in advisories, and the name and release id under which the index has them. */
const SYSTEMS: Readonly<Record<string, [name: string, releaseId: string]>> = {
  rhel: ['redhat', 'rhel'],
  redhat: ['redhat', 'rhel'],
  ol: ['oraclelinux', 'ol'],
  oracle: ['oraclelinux', 'ol'],
  amzn: ['amazonlinux', 'amzn'],
  amazon: ['amazonlinux', 'amzn'],
  amazonlinux: ['amazonlinux', 'amzn'],
  alma: ['almalinux', 'almalinux'],
  arch: ['archlinux', 'arch'],
  archlinux: ['archlinux', 'arch'],
};

/** Distributions without numbered releases. */
export const ROLLING = new Set(['wolfi', 'chainguard', 'minimos', 'secureos', 'archlinux', 'echo', 'hummingbird']);

/**
 * A release by the distribution's id and version: `debian` and `12`, `ubuntu` and `16.04` with channel `esm`. Leading
 * zeros of parts go; what is no number is a label (`unstable`, `edge`).
 */
export function systemName(id: string, version: string, channel = ''): SystemName {
  const lower = id.toLowerCase();
  const [name, releaseId] = SYSTEMS[lower] ?? [lower, lower];
  if (ROLLING.has(name)) return { name, releaseId, major: '', minor: '', label: 'rolling', channel };
  const match = /^v?([0-9]+)(?:[.]([0-9]+))?/.exec(version);
  if (!match) return { name, releaseId, major: '', minor: '', label: version.toLowerCase(), channel };
  const trim = (part: string | undefined): string => (part === undefined ? '' : part.replace(/^0+(?=.)/, ''));
  return { name, releaseId, major: trim(match[1]), minor: trim(match[2]), label: '', channel };
}
