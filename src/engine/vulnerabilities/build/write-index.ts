import type { IndexMeta } from '../index/format.ts';
import { INDEX_FORMAT } from '../index/format.ts';
import type { BuildCounts } from './context.ts';
import { buildContext } from './context.ts';
import { writeCpeRecords } from './cpe-records.ts';
import type { FurtherSource } from './further-sources.ts';
import { mergeFurtherSources } from './further-sources.ts';
import { readOperatingSystems, readOverrides } from './operating-systems.ts';
import { writePackageRecords } from './package-records.ts';
import { emptyMeta, withRollingReleases } from './seed.ts';
import type { Source } from './source.ts';
import { asFeedError, openSource, text, timestamp } from './source.ts';
import { writeAffectedPackages, writeDetails, writeEnrichment } from './vulnerability-details.ts';
import { openWriter } from './writer.ts';

/** Steps of a build, in order. */
export type BuildPhase =
  | 'packages'
  | 'cpes'
  | 'vulnerabilities'
  | 'names'
  | 'enrichment'
  | 'sources'
  | 'merge'
  | 'done';

/** How far a build is. `total` is the number of records of all steps known so far. */
export interface BuildProgress {
  phase: BuildPhase;
  records: number;
  total: number;
}

/** What an index is written from. */
export interface WriteOptions {
  /** SQLite file of a Grype database; absent: further sources alone. */
  database?: string;
  further: readonly FurtherSource[];
  directory: string;
  checksum: string;
  onProgress: (progress: BuildProgress) => void;
  /** Throws to stop. */
  check: () => void;
}

/** Reads the sources and writes the index into the directory, which must exist and be empty. Throws `FeedError`. */
export async function writeIndex(options: WriteOptions): Promise<IndexMeta> {
  const source = options.database === undefined ? undefined : openSource(options.database);
  try {
    const writer = openWriter(options.directory);
    try {
      const progress = progressOf(options, source);
      const meta = source ? fill(source, writer, options.checksum, progress) : emptyMeta(options.checksum);
      if (options.further.length > 0) {
        progress.enter('sources');
        await mergeFurtherSources(writer, meta, options.further, {
          scratch: options.directory,
          onRead: progress.step,
          onStaged: progress.more,
          onMerged: progress.step,
        });
      }
      withRollingReleases(meta);
      writer.put('meta', meta);
      progress.enter('done');
      await writer.finish();
      return meta;
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  } catch (error) {
    throw asFeedError(error);
  } finally {
    source?.close();
  }
}

const TABLES = [
  'affected_package_handles',
  'unaffected_package_handles',
  'affected_cpe_handles',
  'unaffected_cpe_handles',
  'vulnerability_handles',
];
const REPORT_EVERY = 20_000;

/** Progress of a build, told now and then. */
interface ProgressReport {
  enter(phase: BuildPhase): void;
  step(records: number): void;
  /** More is to do than was known. */
  more(records: number): void;
}

function progressOf(options: WriteOptions, source: Source | undefined): ProgressReport {
  let total = source ? TABLES.reduce((sum, table) => sum + source.count(table), 0) : 0;
  let records = 0;
  let told = 0;
  let phase: BuildPhase = 'packages';
  const tell = (): void => {
    told = records;
    options.check();
    options.onProgress({ phase, records, total: Math.max(total, records) });
  };
  return {
    enter: (next) => {
      phase = next;
      if (next === 'done') total = records;
      tell();
    },
    step: (done) => {
      records += done;
      if (records - told >= REPORT_EVERY) tell();
    },
    more: (found) => {
      total += found;
      phase = 'merge';
      tell();
    },
  };
}

function fill(
  source: Source,
  writer: ReturnType<typeof openWriter>,
  checksum: string,
  progress: ProgressReport,
): IndexMeta {
  const counts: BuildCounts = { records: 0, ecosystems: {}, anomalies: {} };
  const context = buildContext(source, writer, counts, () => progress.step(1));
  progress.enter('packages');
  const systems = readOperatingSystems(source);
  writePackageRecords(context, systems);
  progress.enter('cpes');
  writeCpeRecords(context);
  progress.enter('vulnerabilities');
  const records = writeDetails(context);
  progress.enter('names');
  writeAffectedPackages(context, systems);
  progress.enter('enrichment');
  const enrichment = writeEnrichment(context);
  records.set('kev', enrichment.kev);
  records.set('epss', enrichment.epss);
  records.set('eol', [...systems.values()].filter((system) => system.endOfLife !== undefined).length);
  return {
    format: INDEX_FORMAT,
    checksum,
    schemaVersion: source.schemaVersion,
    builtAt: source.builtAt,
    providers: providers(source, records),
    operatingSystems: [...systems.values()],
    overrides: readOverrides(source),
    ecosystemAliases: ecosystemAliases(source),
    architectureAliases: architectureAliases(source),
    ...(enrichment.epssDate === undefined ? {} : { epssDate: enrichment.epssDate }),
    ecosystems: counts.ecosystems,
    anomalies: counts.anomalies,
  };
}
function providers(source: Source, records: Map<string, number>): IndexMeta['providers'] {
  const listed = new Map<string, IndexMeta['providers'][number]>();
  if (source.hasTable('providers')) {
    for (const row of source.rows('SELECT * FROM providers ORDER BY id')) {
      const id = text(row.id);
      const capturedAt = timestamp(row.date_captured);
      listed.set(id, {
        id,
        version: text(row.version),
        ...(capturedAt === undefined ? {} : { capturedAt }),
        records: records.get(id) ?? 0,
      });
    }
  }
  for (const [id, count] of records) {
    if (!listed.has(id) && count > 0) listed.set(id, { id, version: '', records: count });
  }
  return [...listed.values()];
}

function ecosystemAliases(source: Source): Record<string, string[]> {
  const aliases: Record<string, string[]> = {};
  if (!source.hasTable('package_specifier_overrides')) return aliases;
  for (const row of source.rows('SELECT * FROM package_specifier_overrides ORDER BY rowid')) {
    const name = text(row.ecosystem).toLowerCase();
    aliases[name] = [...(aliases[name] ?? []), text(row.replacement_ecosystem).toLowerCase()];
  }
  return aliases;
}

function architectureAliases(source: Source): Record<string, string> {
  if (!source.hasTable('architecture_aliases')) return {};
  const rows = source.rows('SELECT alias, canonical FROM architecture_aliases');
  return Object.fromEntries(
    Array.from(rows, (row) => [text(row.alias).toLowerCase(), text(row.canonical).toLowerCase()]),
  );
}
