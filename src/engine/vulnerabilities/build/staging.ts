import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { PackedDetail, PackedKev, PackedRecord } from '../index/format.ts';
import type { Advisory, SystemName } from '../sources/types.ts';
import type { Row } from './source.ts';

/** A record that waits to be merged: with the source that it came from. */
export interface StagedRecord {
  record: PackedRecord;
  /** Flaws that it covers without being another name of them. */
  covers: string[];
  source: number;
}

/** Records of one package, or of one CPE vendor and product (ecosystem ''), in the order in which they are merged. */
export interface StagedPackage {
  ecosystem: string;
  name: string;
  /** By release of an operating system; '' for records without one. */
  bySystem: Map<string, StagedRecord[]>;
}

/** Records of all further sources, sorted on disk so that memory does not grow with them. */
export interface Staging {
  addAdvisory(advisory: Advisory, source: number): void;
  addKnownExploited(cve: string, entry: PackedKev): void;
  packages(): Iterable<StagedPackage>;
  /** One for each provider and id, the first source's. */
  details(): Iterable<{ provider: string; id: string; source: number; detail: PackedDetail; cwes: string[] }>;
  /** Alias in lower case and the names that have it. */
  aliases(): Iterable<{ alias: string; names: string[] }>;
  systems: ReadonlyMap<string, SystemName>;
  knownExploited: ReadonlyMap<string, PackedKev>;
  records: number;
  close(): void;
}

/** Which database's record stands when several speak of one flaw in one package: the lowest. */
function priority(id: string): number {
  return id.startsWith('GHSA-') ? 0 : id.startsWith('CVE-') ? 1 : 2;
}

/** Key of a release among staged records. */
export function systemKey(system: SystemName): string {
  return JSON.stringify([system.name, system.releaseId, system.major, system.minor, system.label, system.channel]);
}

const TRANSACTION = 20_000;

/** Opens an empty staging file; it goes when it is closed. */
export function openStaging(path: string): Staging {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE; PRAGMA cache_size = -16384');
  db.exec(
    'CREATE TABLE record (ecosystem text, name text, system text, priority integer, source integer, provider text, id text, covers text, data text);' +
      'CREATE TABLE detail (provider text, id text, source integer, data text, cwes text, PRIMARY KEY (provider, id)) WITHOUT ROWID;' +
      'CREATE TABLE alias (alias text, name text, PRIMARY KEY (alias, name)) WITHOUT ROWID; BEGIN',
  );
  const insertRecord = db.prepare('INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const insertDetail = db.prepare('INSERT OR IGNORE INTO detail VALUES (?, ?, ?, ?, ?)');
  const insertAlias = db.prepare('INSERT OR IGNORE INTO alias VALUES (?, ?)');
  const systems = new Map<string, SystemName>();
  const knownExploited = new Map<string, PackedKev>();
  let inserted = 0;
  const step = (): void => {
    if (++inserted % TRANSACTION === 0) db.exec('COMMIT; BEGIN');
  };
  const staging: Staging = {
    systems,
    knownExploited,
    records: 0,
    addAdvisory(advisory, source) {
      const { id, provider, status, covers } = advisory;
      const known = insertDetail.run(
        provider,
        id.toLowerCase(),
        source,
        JSON.stringify([id, ...detailOf(advisory)]),
        JSON.stringify(advisory.cwes),
      );
      const aliases = [...new Set([...advisory.aliases, ...covers])].filter((alias) => alias !== id);
      // A record that a former source gave is not taken twice.
      if (known.changes === 0) return;
      for (const alias of aliases) insertAlias.run(alias.toLowerCase(), id);
      for (const { ecosystem, name, system, affected, ranges, qualifiers, cpe } of advisory.packages) {
        const record: PackedRecord = [id, provider, status, aliases, affected, ranges];
        if (qualifiers || cpe) record.push(qualifiers ?? null);
        if (cpe) record.push(cpe);
        let key = '';
        if (system) {
          key = systemKey(system);
          systems.set(key, system);
        }
        insertRecord.run(
          ecosystem.toLowerCase(),
          (cpe ? `${cpe[1]}\u0001${cpe[2]}` : name).toLowerCase(),
          key,
          priority(id),
          source,
          provider,
          id,
          JSON.stringify(covers),
          JSON.stringify(record),
        );
        staging.records++;
        step();
      }
    },
    addKnownExploited: (cve, entry) => void knownExploited.set(cve.toLowerCase(), entry),
    packages: () => packages(db),
    *details() {
      for (const row of rows(db, 'SELECT * FROM detail ORDER BY provider, id')) {
        const [id, ...detail] = JSON.parse(String(row.data)) as [string, ...PackedDetail];
        yield {
          provider: String(row.provider),
          id,
          source: Number(row.source),
          detail,
          cwes: JSON.parse(String(row.cwes)) as string[],
        };
      }
    },
    *aliases() {
      let current: { alias: string; names: string[] } | undefined;
      for (const row of rows(db, 'SELECT alias, name FROM alias ORDER BY alias, name')) {
        if (current?.alias !== row.alias) {
          if (current) yield current;
          current = { alias: String(row.alias), names: [] };
        }
        current?.names.push(String(row.name));
      }
      if (current) yield current;
    },
    close() {
      db.close();
      rmSync(path, { force: true });
    },
  };
  return staging;
}

function rows(db: DatabaseSync, sql: string): Iterable<Row> {
  return db.prepare(sql).iterate() as Iterable<Row>;
}

function detailOf(advisory: Advisory): PackedDetail {
  const { status, published, modified, withdrawn, description, links, aliases, severities } = advisory;
  return [status, published, modified, withdrawn, description, links, aliases, severities, ''];
}

function* packages(db: DatabaseSync): Generator<StagedPackage> {
  let current: StagedPackage | undefined;
  const sorted = rows(
    db,
    'SELECT ecosystem, name, system, source, covers, data FROM record ORDER BY ecosystem, name, system, priority, source, provider, id, data',
  );
  for (const row of sorted) {
    const ecosystem = String(row.ecosystem);
    const name = String(row.name);
    if (current?.ecosystem !== ecosystem || current.name !== name) {
      if (current) yield current;
      current = { ecosystem, name, bySystem: new Map() };
    }
    const system = String(row.system);
    const list = current.bySystem.get(system) ?? [];
    list.push({
      record: JSON.parse(String(row.data)) as PackedRecord,
      covers: JSON.parse(String(row.covers)) as string[],
      source: Number(row.source),
    });
    current.bySystem.set(system, list);
  }
  if (current) yield current;
}
