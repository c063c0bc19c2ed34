import { hash } from 'node:crypto';
import type { MatchSettings } from './types.ts';

/** What holds where a setting is not given. */
const DEFAULTS = {
  cpeForEndOfLife: false,
  goMainModulePseudoVersions: false,
  rhelExtendedUpdates: 'auto',
  ubuntuPro: 'auto',
  kernelHeaders: 'suppress',
  kernelPackages: 'report',
  duplicates: 'keep',
  builtInExclusions: true,
} as const satisfies Partial<MatchSettings>;

/**
 * 16 hex digits that are equal for settings with equal results: order and defaults do not count, nor does the day of
 * the judgement. Packages whose matches were made with another digest have to be matched again.
 */
export function settingsDigest(settings: MatchSettings): string {
  const { cpe, excludeProviders, excludePackageTypes, exclusions = [], now: _, ...rest } = settings;
  const chosen = Object.entries(cpe)
    .filter(([, on]) => on !== undefined)
    .sort(byKey);
  const others = Object.entries({ ...DEFAULTS, ...withoutUndefined(rest) }).sort(byKey);
  const content = [
    chosen,
    [...new Set(excludeProviders)].sort(),
    [...new Set(excludePackageTypes)].sort(),
    others,
    exclusions.map((exclusion) => JSON.stringify(sorted(exclusion))).sort(),
  ];
  return hash('sha256', JSON.stringify(content)).slice(0, 16);
}

function withoutUndefined(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(byKey)
      .map(([key, item]) => [key, sorted(item)]),
  );
}
