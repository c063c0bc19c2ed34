import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { cpeCandidates } from '../cpe.ts';
import { licensesOf } from '../licenses.ts';
import { directoryOf, locate } from '../location.ts';
import { formatPurl } from '../purl.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { type CondaRecord, readCondaRecord } from './record.ts';

/** Fact of one file of `conda-meta`. */
export type CondaFact = { record: CondaRecord } | { error: string };

const RECORD: FileReader<CondaFact> = {
  kind: 'whole',
  limit: 64 << 20,
  read: (content) => {
    try {
      const record = readCondaRecord(content.bytes());
      return record && { record };
    } catch (error) {
      return { error: error instanceof Error ? error.message.slice(0, 200) : 'not JSON' };
    }
  },
};

function select(file: FileHead): FileReader<CondaFact> | undefined {
  return file.path.endsWith('.json') && directoryOf(file.path).endsWith('/conda-meta') ? RECORD : undefined;
}

/** `https://conda.anaconda.org/conda-forge/linux-64` is the channel `conda-forge`. */
function channelName({ channel, subdir }: CondaRecord): string {
  const bare = channel.replace(/\/+$/, '');
  const withoutPlatform = subdir !== '' && bare.endsWith(`/${subdir}`) ? bare.slice(0, -subdir.length - 1) : bare;
  return URL.canParse(withoutPlatform) ? new URL(withoutPlatform).pathname.replace(/^\/+/, '') : withoutPlatform;
}

function draft(
  image: ImageView,
  located: LocatedFact<CondaFact>,
  record: CondaRecord,
): Omit<Package, 'id' | 'ownedBy'> {
  const { name, version, build, subdir } = record;
  const prefix = directoryOf(directoryOf(located.path));
  const channel = channelName(record);
  const pkg: Omit<Package, 'id' | 'ownedBy'> = {
    type: 'conda',
    name,
    version,
    purl: formatPurl({
      type: 'conda',
      name: name.toLowerCase(),
      version,
      qualifiers: { build, channel, subdir, type: record.archive },
    }),
    cpes: [],
    licenses: licensesOf(record.license === undefined ? [] : [record.license]),
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'conda',
    confidence: 'declared',
    metadataType: 'conda-metadata-entry',
    metadata: {
      name,
      version,
      build,
      channel,
      subdir,
      ...(record.url === undefined ? {} : { url: record.url }),
      ...(record.md5 === undefined ? {} : { md5: record.md5 }),
      ...(record.sha256 === undefined ? {} : { sha256: record.sha256 }),
    },
    files: record.files.map(({ path, sha256 }) => ({
      path: `${prefix === '/' ? '' : prefix}/${path}`,
      ...(sha256 === undefined ? {} : { digest: `sha256:${sha256}` }),
    })),
  };
  if (record.size !== undefined) pkg.size = record.size;
  if (record.depends.length > 0) pkg.dependencies = record.depends.map((condition) => condition.split(/[\s<>=!]/)[0]!);
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

function collect(image: ImageView, facts: LocatedFact<CondaFact>[]): Evidence {
  const problems: Problem[] = [];
  const packages: Omit<Package, 'id' | 'ownedBy'>[] = [];
  for (const located of facts) {
    const { fact, path } = located;
    if ('record' in fact) packages.push(draft(image, located, fact.record));
    else {
      const message = `The record of a conda package is not JSON: ${fact.error}`;
      problems.push({ code: 'conda-record-unreadable', message, severity: 'partial', path, source: 'conda' });
    }
  }
  return { packages, problems };
}

/** Packages that conda, mamba or micromamba installed. */
export const condaAnalyzer: Analyzer<CondaFact> = { name: 'conda', version: 1, kind: 'packages', select, collect };
