import type { PackedCpe, PackedKev, PackedQualifiers, PackedRange, PackedSeverity } from '../index/format.ts';

/** A release of an operating system, as the index names it. Parts that do not apply are ''. */
export interface SystemName {
  name: string;
  releaseId: string;
  major: string;
  minor: string;
  label: string;
  channel: string;
}

/** What an advisory says of one package, or of one CPE. */
export interface AdvisoryPackage {
  /** Ecosystem of the index: `python`, `deb`, …; '' for a CPE. */
  ecosystem: string;
  name: string;
  system?: SystemName;
  /** False: the ranges are those that the flaw does *not* concern. */
  affected: boolean;
  /** Empty: all versions. */
  ranges: PackedRange[];
  qualifiers?: PackedQualifiers;
  cpe?: PackedCpe;
}

/** One advisory of any source, in the terms of the index. */
export interface Advisory {
  id: string;
  provider: string;
  status: string;
  /** RFC 3339, or ''. */
  published: string;
  modified: string;
  withdrawn: string;
  description: string;
  links: string[];
  /** Other names of the very same flaw. */
  aliases: string[];
  /** Flaws that it covers; more than one where an update mends several. */
  covers: string[];
  severities: PackedSeverity[];
  cwes: string[];
  packages: AdvisoryPackage[];
}

/** What a source yields, one after the other. */
export type SourceItem =
  | { kind: 'advisory'; advisory: Advisory }
  | { kind: 'known-exploited'; cve: string; entry: PackedKev }
  | { kind: 'epss'; cve: string; score: number; percentile: number; date: string }
  | { kind: 'end-of-life'; system: SystemName; endOfLife: string; endOfActiveSupport: string }
  /** What is known of a provider; may come more than once. `whole`: what follows is all that it has. */
  | { kind: 'provider'; provider: string; capturedAt?: string; version?: string; whole?: boolean }
  /** Something that could not be taken; counted by its text. */
  | { kind: 'anomaly'; text: string };

/** A text, or '' for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The texts of an array, each once; none for anything else. */
export function textsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return [...new Set(value.filter((item): item is string => typeof item === 'string' && item !== ''))];
}

/** A date or time as RFC 3339 in UTC; '' when it is none or of a year before 1970. */
export function timeOf(value: unknown): string {
  if (typeof value !== 'string' || value === '') return '';
  const date = new Date(/^\d{4}-\d\d-\d\dT[\d:.]+$/.test(value) ? `${value}Z` : value);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1970) return '';
  return date.toISOString().replace('.000Z', 'Z');
}

/** `YYYY-MM-DD` at the start of a text; '' when there is none. */
export function dayOf(value: unknown): string {
  return /^\d{4}-\d\d-\d\d/.exec(textOf(value))?.[0] ?? '';
}
