import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Distro } from '../model/distro.ts';
import { buildIndex } from './build/build-index.ts';
import { openIndex } from './open-index.ts';
import type { Sample } from './sample-database.ts';
import { writeSampleDatabase } from './sample-database.ts';
import type { MatchablePackage, VulnerabilityIndex } from './types.ts';

/** An index of a sample database in a folder of its own. For tests. */
export interface SampleIndex {
  index: VulnerabilityIndex;
  directory: string;
  close(): Promise<void>;
}

/** Writes, builds and opens a sample. */
export async function openSample(sample: Sample): Promise<SampleIndex> {
  const directory = await mkdtemp(join(tmpdir(), 'windlass-index-'));
  const database = join(directory, 'vulnerability.db');
  writeSampleDatabase(database, sample);
  const built = await buildIndex({ database, directory });
  const index = openIndex(built.directory);
  return {
    index,
    directory,
    close: async () => {
      await index.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A distribution by id and version. */
export function distro(id: string, versionId?: string, more: Partial<Distro> = {}): Distro {
  return { id, idLike: [], evidence: '/etc/os-release', ...(versionId === undefined ? {} : { versionId }), ...more };
}

/** A package to match; OS packages get their upstreams as `name` or `name@version`. */
export function pkg(
  type: MatchablePackage['type'],
  name: string,
  version: string,
  more: Partial<Omit<MatchablePackage, 'upstreams'>> & { source?: string } = {},
): MatchablePackage {
  const { source, ...rest } = more;
  const [sourceName, sourceVersion] = source?.split('@') ?? [];
  const upstreams =
    sourceName === undefined
      ? []
      : [{ name: sourceName, ...(sourceVersion === undefined ? {} : { version: sourceVersion }) }];
  return { type, name, version, upstreams, cpes: [], ...rest };
}
