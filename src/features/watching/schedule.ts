import { createHash } from 'node:crypto';
import type { RegistryErrorCode } from '#engine/image/index.ts';

/** First pause after a failure, seconds; it doubles. */
const FIRST_PAUSE = 30;
/** Longest pause of a tag or repository that fails. */
const LONGEST_PAUSE = 86_400;
/** Longest pause of a registry that fails: others may depend on it. */
const LONGEST_REGISTRY_PAUSE = 3_600;
/** The same failure raises an event no more often, milliseconds. */
const EVENT_PAUSE_MS = 86_400_000;
/** How far a cycle may stray, either way. */
const JITTER = 0.05;

/**
 * Seconds until the next look, once all is well: the cycle, a little shorter or longer. Names of one repository stray
 * alike, so that they are asked for together, with one token.
 */
export function nextLook(cycle: number, repository: string, turn: number): number {
  const share = fraction(`${repository} ${turn}`);
  return cycle * (1 - JITTER + 2 * JITTER * share);
}

/** Seconds until the first look, spread over the cycle, so that many subscriptions made at once do not stay together. */
export function firstLook(cycle: number, repository: string): number {
  return cycle * fraction(repository);
}

/** Seconds until the next look after so many failures in a row: doubling, never sooner than the cycle would. */
export function pauseAfter(failures: number, cycle: number, random = Math.random()): number {
  const pause = FIRST_PAUSE * 2 ** Math.min(30, failures - 1);
  return Math.max(cycle, Math.min(LONGEST_PAUSE, pause)) * (1 + JITTER * random);
}

/** Seconds for which a registry is left alone after so many failures in a row. */
export function registryPauseAfter(failures: number, random = Math.random()): number {
  return Math.min(LONGEST_REGISTRY_PAUSE, FIRST_PAUSE * 2 ** Math.min(30, failures - 1)) * (0.75 + random / 2);
}

/** Failures of the registry itself, rather than of one name in it. */
const OF_REGISTRY: readonly RegistryErrorCode[] = ['unreachable', 'rate-limited'];

export function concernsRegistry(reason: string): boolean {
  return (OF_REGISTRY as readonly string[]).includes(reason);
}

/** The first failure of a kind raises an event, and the same again a day later. */
export function mayRaise(
  last: { last_event_at: Date | null; last_event_reason: string | null },
  reason: string,
  now: number,
): boolean {
  return last.last_event_reason !== reason || now - (last.last_event_at?.getTime() ?? 0) >= EVENT_PAUSE_MS;
}

/** In [0, 1), evenly over names. */
function fraction(text: string): number {
  return createHash('md5').update(text).digest().readUInt32BE() / 2 ** 32;
}
