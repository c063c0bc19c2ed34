import { SCHEMES } from '#engine/versions/registry.ts';
import type { Match } from '#engine/vulnerabilities/types.ts';

/** The smallest version that fixes a match and is newer than what is installed; undefined when there is none. */
export function suggestedFix({ fix, scheme, searchedBy }: Match): string | undefined {
  const { compare } = SCHEMES[scheme];
  return fix.versions
    .filter((version) => version !== '' && compare(version, searchedBy.version) > 0)
    .reduce<string | undefined>(
      (least, version) => (least === undefined || compare(version, least) < 0 ? version : least),
      undefined,
    );
}
