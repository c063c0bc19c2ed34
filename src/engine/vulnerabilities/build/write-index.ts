import type { IndexMeta } from '../index/format.ts';
import { INDEX_FORMAT } from '../index/format.ts';
import type { BuildCounts } from './context.ts';
import { buildContext } from './context.ts';
import { writeCpeRecords } from './cpe-records.ts';
import { readOperatingSystems, readOverrides } from './operating-systems.ts';
import { writePackageRecords } from './package-records.ts';
import type { Source } from './source.ts';
import { asFeedError, openSource, text, timestamp } from './source.ts';
import { writeAffectedPackages, writeDetails, writeEnrichment } from './vulnerability-details.ts';
import { openWriter } from './writer.ts';

/** Steps of a build, in order. */
export type BuildPhase = 'packages' | 'cpes' | 'vulnerabilities' | 'names' | 'enrichment' | 'done';

/** How far a build is. `total` is the number of records of all steps. */
export interface BuildProgress {
  phase: BuildPhase;
  records: number;
  total: number;
}

/** Reads a database and writes the index into the directory, which must exist and be empty. Throws `FeedError`. */
export async function writeIndex(options: {
  database: string;
  directory: string;
  checksum: string;
  onProgress: (progress: BuildProgress) => void;
  /** Throws to stop. */
  check: () => void;
}): Promise<IndexMeta> {
  const source = openSource(options.database);
  try {
    const writer = openWriter(options.directory);
    try {
      const meta = fill(source, writer, options);
      await writer.finish();
      return meta;
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  } catch (error) {
    throw asFeedError(error);
  } finally {
    source.close();
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

function fill(
  source: Source,
  writer: ReturnType<typeof openWriter>,
  options: Parameters<typeof writeIndex>[0],
): IndexMeta {
  const total = TABLES.reduce((sum, table) => sum + source.count(table), 0);
  const counts: BuildCounts = { records: 0, ecosystems: {}, anomalies: {} };
  let phase: BuildPhase = 'packages';
  const report = (): void => options.onProgress({ phase, records: counts.records, total });
  const context = buildContext(source, writer, counts, (records) => {
    if (records % REPORT_EVERY !== 0) return;
    options.check();
    report();
  });
  const enter = (next: BuildPhase): void => {
    phase = next;
    options.check();
    report();
  };

  enter('packages');
  const systems = readOperatingSystems(source);
  writePackageRecords(context, systems);
  enter('cpes');
  writeCpeRecords(context);
  enter('vulnerabilities');
  const records = writeDetails(context);
  enter('names');
  writeAffectedPackages(context, systems);
  enter('enrichment');
  const enrichment = writeEnrichment(context);
  records.set('kev', enrichment.kev);
  records.set('epss', enrichment.epss);
  records.set('eol', [...systems.values()].filter((system) => system.endOfLife !== undefined).length);

  const meta: IndexMeta = {
    format: INDEX_FORMAT,
    checksum: options.checksum,
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
  writer.put('meta', meta);
  enter('done');
  return meta;
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
