import { contentHashes } from './content-hashes.ts';
import { detailReader } from './details.ts';
import { explain } from './explain.ts';
import type { ReaderLimits } from './index/reader.ts';
import { recordReader } from './index/reader.ts';
import { openStore } from './index/store.ts';
import { matchPackage } from './match-package.ts';
import { systemResolver } from './operating-system.ts';
import { ruledOut } from './ruled-out.ts';
import type { MatchSettings, VulnerabilityIndex } from './types.ts';

/** Settings of the documented defaults. */
export const DEFAULT_MATCH_SETTINGS: MatchSettings = { cpe: {}, excludeProviders: [], excludePackageTypes: [] };

/**
 * Opens an index folder (`index-<checksum>`), made by `buildIndex`. Any number of threads and processes may read it.
 * Throws when it is absent or of another format.
 */
export function openIndex(directory: string, limits?: ReaderLimits): VulnerabilityIndex {
  const store = openStore(directory);
  const { meta } = store;
  const source = { reader: recordReader(store, limits), systems: systemResolver(meta) };
  const details = detailReader(store);
  return {
    checksum: meta.checksum,
    schemaVersion: meta.schemaVersion,
    builtAt: meta.builtAt,
    match: (pkg, settings) => matchPackage(source, pkg, settings),
    detail: details.detail,
    find: details.find,
    providers: () =>
      meta.providers.map(({ id, capturedAt, records }) => ({
        id,
        records,
        ...(capturedAt === undefined ? {} : { capturedAt }),
      })),
    endOfLife: (distro) =>
      source.systems.resolve(distro, { exact: true, noFallback: true, channel: '' })[0]?.row.endOfLife,
    explain: (pkg, settings, vulnerabilityId) => explain(source, details, pkg, settings, vulnerabilityId),
    ruledOut: (pkg, settings) => ruledOut(source, pkg, settings),
    affectedPackages: details.affectedPackages,
    contentHashes: (kind) => contentHashes(store, kind),
    close: () => store.close(),
  };
}
