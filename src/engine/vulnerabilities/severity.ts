import type { CvssScores } from './cvss/v2.ts';
import { cvss2 } from './cvss/v2.ts';
import { cvss3 } from './cvss/v3.ts';
import { cvss4 } from './cvss/v4.ts';
import type { PackedSeverity } from './index/format.ts';
import type { Severity, VulnerabilityDetail } from './types.ts';

const WORDS: Readonly<Record<string, Severity>> = {
  critical: 'Critical',
  high: 'High',
  important: 'High',
  medium: 'Medium',
  moderate: 'Medium',
  low: 'Low',
  minor: 'Low',
  negligible: 'Negligible',
  none: 'Negligible',
  unimportant: 'Negligible',
  informational: 'Negligible',
  unknown: 'Unknown',
};

/** Severity of a CVSS base score, by the rating scale of its version; 0 is Negligible. */
export function severityOfScore(score: number, version: string): Severity {
  if (score <= 0) return 'Negligible';
  if (score < 4) return 'Low';
  if (score < 7) return 'Medium';
  // CVSS v2 has no rating above High.
  if (score < 9 || version.startsWith('2')) return 'High';
  return 'Critical';
}

/** CVSS version of a vector: as it says itself, else as the record says, else v2 by the look of it. */
export function cvssVersion(vector: string, stated: string): string {
  const own = /^CVSS:([0-9.]+)\//i.exec(vector)?.[1];
  return own ?? (stated === '' ? '2.0' : stated);
}

/** Scores of a vector of any version; undefined when it cannot be read. */
export function cvssScores(vector: string, version: string): CvssScores | undefined {
  if (version.startsWith('4')) return cvss4(vector);
  return version.startsWith('3') ? cvss3(vector) : cvss2(vector);
}

function ranked(severities: readonly PackedSeverity[]): PackedSeverity[] {
  return [...severities].sort((a, b) => a[4] - b[4]);
}

/** The severity of the best-ranked entry that tells one; a vector alone is rated by its base score. */
export function chooseSeverity(severities: readonly PackedSeverity[]): Severity {
  for (const [scheme, value, stated] of ranked(severities)) {
    if (scheme.toUpperCase() === 'CVSS') {
      const version = cvssVersion(value, stated);
      const scores = cvssScores(value, version);
      if (scores) return severityOfScore(scores.base, version);
    } else {
      const word = WORDS[value.toLowerCase()];
      if (word && word !== 'Unknown') return word;
    }
  }
  return 'Unknown';
}

/** All CVSS entries with their scores, best-ranked first. */
export function cvssEntries(severities: readonly PackedSeverity[]): VulnerabilityDetail['cvss'] {
  const entries: VulnerabilityDetail['cvss'] = [];
  for (const [scheme, vector, stated, source] of ranked(severities)) {
    if (scheme.toUpperCase() !== 'CVSS') continue;
    const version = cvssVersion(vector, stated);
    const scores = cvssScores(vector, version);
    if (!scores) continue;
    entries.push({
      version,
      vector,
      baseScore: scores.base,
      ...(source === '' ? {} : { source }),
      ...(scores.exploitability === undefined ? {} : { exploitabilityScore: scores.exploitability }),
      ...(scores.impact === undefined ? {} : { impactScore: scores.impact }),
    });
  }
  return entries;
}

const WORD_SCORES: Readonly<Record<Severity, number>> = {
  Negligible: 0.5,
  Low: 3,
  Medium: 5,
  High: 7.5,
  Critical: 9,
  Unknown: 5,
};

/**
 * Risk from 0 to 100: threat (EPSS score, or 1 when known to be exploited) × severity (mean of word and mean CVSS
 * base score) × 1.05 for known exploitation, 1.1 for ransomware.
 */
export function riskOf(detail: Pick<VulnerabilityDetail, 'severity' | 'cvss' | 'kev' | 'epss'>): number {
  const threat = detail.kev ? 1 : (detail.epss?.score ?? 0);
  const word = WORD_SCORES[detail.severity];
  const bases = detail.cvss.map((entry) => entry.baseScore);
  const mean = bases.length === 0 ? word : bases.reduce((sum, base) => sum + base, 0) / bases.length;
  const exploited = detail.kev ? (detail.kev.ransomware ? 1.1 : 1.05) : 1;
  return Math.min(threat * ((word + mean) / 2 / 10) * exploited, 1) * 100;
}
