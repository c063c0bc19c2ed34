import { ComplianceReadError } from '../types.ts';
import type { HdfStatus, HdfSummary } from './types.ts';

const STATUSES: ReadonlySet<string> = new Set(['passed', 'failed', 'skipped', 'error']);

/** Worst first: the status of a control is the worst of its tests. */
const WORST_FIRST: readonly HdfStatus[] = ['error', 'failed', 'passed', 'skipped'];

/** Profiles and controls that one document may have. */
const MAX_PROFILES = 1_000;
const MAX_CONTROLS = 100_000;

/**
 * Checks that a text is an HDF document (`exec-json`) and sums it up. Only what this product reads is checked; other
 * members may have any form. Throws ComplianceReadError that names the first member which is wrong.
 */
export function checkHdf(text: string): HdfSummary {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw bad(`it is not JSON (${(error as Error).message.slice(0, 200)})`);
  }
  const root = object(document, 'the document');
  const platform = object(root.platform, 'platform');
  const platformName = string(platform.name, 'platform.name');
  string(root.version, 'version');
  if (root.statistics !== undefined) object(root.statistics, 'statistics');
  const profiles = list(root.profiles, 'profiles', MAX_PROFILES);
  if (profiles.length === 0) throw bad('profiles is empty');
  const summary: HdfSummary = { platform: platformName.slice(0, 200), controls: 0, counts: {} };
  let latest: number | undefined;
  for (const [p, value] of profiles.entries()) {
    const at = `profiles[${p}]`;
    const profile = object(value, at);
    const name = string(profile.name, `${at}.name`);
    if (profile.sha256 !== undefined) string(profile.sha256, `${at}.sha256`);
    if (p === 0) {
      summary.profile = (typeof profile.title === 'string' && profile.title ? profile.title : name).slice(0, 500);
      if (typeof profile.version === 'string') summary.profileVersion = profile.version.slice(0, 100);
    }
    for (const [c, control] of list(profile.controls, `${at}.controls`, MAX_CONTROLS).entries()) {
      const { status, time } = checkControl(control, `${at}.controls[${c}]`);
      summary.controls += 1;
      summary.counts[status] = (summary.counts[status] ?? 0) + 1;
      if (time !== undefined && (latest === undefined || time > latest)) latest = time;
    }
    if (summary.controls > MAX_CONTROLS) throw bad(`it has more than ${MAX_CONTROLS} controls`);
  }
  if (latest !== undefined) summary.evaluatedAt = new Date(latest).toISOString();
  return summary;
}

function checkControl(value: unknown, at: string): { status: HdfStatus; time?: number } {
  const control = object(value, at);
  string(control.id, `${at}.id`);
  if (typeof control.impact !== 'number' || !(control.impact >= 0 && control.impact <= 1))
    throw bad(`${at}.impact is not a number from 0 to 1`);
  if (control.tags !== undefined) object(control.tags, `${at}.tags`);
  let status: HdfStatus = 'skipped';
  let time: number | undefined;
  // A control of an outer profile has no tests of its own: they stand in the profile that it overlays.
  for (const [r, one] of list(control.results ?? [], `${at}.results`, MAX_CONTROLS).entries()) {
    const result = object(one, `${at}.results[${r}]`);
    const word = result.status;
    if (typeof word !== 'string' || !STATUSES.has(word))
      throw bad(`${at}.results[${r}].status is not one of passed, failed, skipped, error`);
    if (WORST_FIRST.indexOf(word as HdfStatus) < WORST_FIRST.indexOf(status) || r === 0) status = word as HdfStatus;
    const started = typeof result.start_time === 'string' ? Date.parse(result.start_time) : Number.NaN;
    if (!Number.isNaN(started) && (time === undefined || started > time)) time = started;
  }
  return { status, ...(time === undefined ? {} : { time }) };
}

function bad(reason: string): ComplianceReadError {
  return new ComplianceReadError('not-hdf', `The file is not a valid HDF document: ${reason}.`);
}

function object(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(`${at} is not an object`);
  return value as Record<string, unknown>;
}

function string(value: unknown, at: string): string {
  if (typeof value !== 'string') throw bad(`${at} is not a text`);
  return value;
}

function list(value: unknown, at: string, limit: number): unknown[] {
  if (!Array.isArray(value)) throw bad(`${at} is not a list`);
  if (value.length > limit) throw bad(`${at} has more than ${limit} entries`);
  return value;
}
