import type { MatchContext, Search } from './context.ts';
import { searchCpesWhereOn } from './cpe.ts';
import { addVulnerable, assessDistro, distroSearches, hasEpoch, systemsOf } from './distro-search.ts';
import { matchAlma } from './rpm-alma.ts';
import { matchExtendedUpdates } from './rpm-eus.ts';
import { selectStreams } from './rpm-streams.ts';

/**
 * rpm packages: by source rpm (indirect; its name tells no epoch, so the record's is taken), then by their own name with
 * an explicit epoch. Public keys (`gpg-pubkey`) are no software.
 */
export function matchRpm(context: MatchContext): void {
  const { pkg } = context;
  if (pkg.name === 'gpg-pubkey') return;
  searchRpm(context);
  searchCpesWhereOn(context);
}

function searchRpm(context: MatchContext): void {
  const { pkg } = context;
  const searches = rpmSearches(context);
  if (pkg.distro?.id === 'almalinux' || pkg.distro?.id === 'alma') {
    matchAlma(context, searches);
    return;
  }
  for (const search of searches) matchOne(context, search);
}

/** The searches of an rpm package. */
export function rpmSearches(context: MatchContext): Search[] {
  const { pkg } = context;
  const epoch = pkg.metadata?.epoch;
  const ownVersion = hasEpoch(pkg.version)
    ? pkg.version
    : `${typeof epoch === 'number' ? epoch : 0}:${pkg.version.replace(/^\(none\):/, '')}`;
  return distroSearches(context, { ownVersion, epochUnknown: true });
}

function matchOne(context: MatchContext, search: Search): void {
  const { distro } = context.pkg;
  if (distro && isRhel(distro.id) && distro.channel === 'eus') {
    matchExtendedUpdates(context, search);
    return;
  }
  const assessment = assessDistro(context, 'rpm', search, systemsOf(context));
  addVulnerable(context, search, selectStreams(context, search, assessment));
}

function isRhel(id: string): boolean {
  return id === 'rhel' || id === 'redhat';
}
