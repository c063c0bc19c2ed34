import { splitRpmVersion } from '#engine/versions/rpm/index.ts';

/** The `N` of a dist tag `.elM_N` in the release of an rpm version; undefined when there is none. */
export function distTagMinor(version: string): number | undefined {
  const match = /\.el[0-9]+_([0-9]{1,4})/.exec(splitRpmVersion(version).release);
  return match ? Number(match[1]) : undefined;
}
