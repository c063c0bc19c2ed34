import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { createTables } from './database-schema.ts';

/** Severity words that records carry. */
export type SeverityWord = 'Critical' | 'High' | 'Medium' | 'Low' | 'Negligible' | 'Unknown';

/** A release of a distribution. */
export interface SystemFact {
  name: string;
  major: string;
  minor?: string;
  codename?: string;
  /** `eus` or `esm`. */
  channel?: string;
  /** Date. */
  endOfLife?: string;
}

/** Versions of a package that a record speaks of. */
export interface RangeFact {
  /** Constraint such as `>=1.0,<1.2.3`; empty for all versions. */
  range: string;
  fix?: string;
  /** Default: `fixed` with a fix, else `not-fixed`. */
  state?: 'fixed' | 'not-fixed' | 'wont-fix' | 'unknown';
}

/** What one record says about one package. */
export interface AffectedFact {
  /** `deb`, `npm`, `java-archive` … as in the database. */
  ecosystem: string;
  package: string;
  /** `name:version` of one of the systems; absent for language packages. */
  distro?: string;
  ranges: readonly RangeFact[];
  /** The record says that these versions are not affected. */
  unaffected?: boolean;
}

/** One record of one provider. */
export interface RecordFact {
  id: string;
  /** `debian`, `github`, `nvd` … */
  provider: string;
  severity: SeverityWord;
  /** CVSS vector, ranked after the word. */
  cvss?: string;
  aliases?: readonly string[];
  description?: string;
  links?: readonly string[];
  publishedAt?: string;
  affected: readonly AffectedFact[];
}

/** A known exploited vulnerability. */
export interface KnownExploitedFact {
  cve: string;
  dateAdded: string;
  dueDate?: string;
  ransomware: boolean;
}

/** All that a database is made of. */
export interface DatabaseContent {
  /** RFC 3339. */
  builtAt: string;
  /** When the facts were gathered, RFC 3339. Default: `builtAt`. */
  capturedAt?: string;
  systems: readonly SystemFact[];
  records: readonly RecordFact[];
  knownExploited?: readonly KnownExploitedFact[];
  epss?: { date: string; scores: readonly { cve: string; score: number; percentile: number }[] };
}

/** Kinds of version ranges by ecosystem. */
const RANGE_TYPES: Record<string, string> = {
  deb: 'dpkg',
  rpm: 'rpm',
  apk: 'apk',
  npm: 'semantic',
  python: 'python',
  'java-archive': 'maven',
  gem: 'gem',
  'go-module': 'go',
  'rust-crate': 'semantic',
  'php-composer': 'semantic',
};

/**
 * Writes a vulnerability database in the layout of Grype DB v6 (schema 6.1.9) as it is published: tables without
 * secondary indices. A file at the path is replaced. Throws when a record names a system that is not listed.
 */
export function writeDatabase(path: string, content: DatabaseContent): void {
  rmSync(path, { force: true });
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
    createTables(database);
    database.exec('BEGIN');
    new Writer(database, content).write();
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

class Writer {
  readonly #database: DatabaseSync;
  readonly #content: DatabaseContent;
  readonly #blobs = new Map<string, number>();
  readonly #packages = new Map<string, number>();
  readonly #systems = new Map<string, number>();

  constructor(database: DatabaseSync, content: DatabaseContent) {
    this.#database = database;
    this.#content = content;
  }

  write(): void {
    const { builtAt, capturedAt = builtAt, systems, records, knownExploited = [], epss } = this.#content;
    this.#insert('db_metadata', { build_timestamp: sqlTime(builtAt), model: 6, revision: 1, addition: 9 });
    const providers = new Set([
      ...records.map(({ provider }) => provider),
      ...(knownExploited.length > 0 ? ['kev'] : []),
      ...(epss ? ['epss'] : []),
    ]);
    for (const id of [...providers].sort())
      this.#insert('providers', {
        id,
        version: '1',
        processor: 'windlass',
        date_captured: sqlTime(capturedAt),
        input_digest: '',
      });
    for (const system of systems) this.#system(system);
    for (const record of records) this.#record(record);
    for (const fact of knownExploited) this.#knownExploited(fact);
    if (epss) {
      this.#insert('epss_metadata', { date: sqlTime(epss.date) });
      for (const { cve, score, percentile } of epss.scores)
        this.#insert('epss_handles', { cve, epss: score, percentile });
    }
  }

  #system({ name, major, minor = '', codename = '', channel = '', endOfLife }: SystemFact): void {
    const id = this.#insert('operating_systems', {
      name,
      release_id: name,
      major_version: major,
      minor_version: minor,
      label_version: '',
      codename,
      channel,
      eol_date: endOfLife === undefined ? null : sqlTime(endOfLife),
      eoas_date: null,
    });
    this.#systems.set(
      `${name}:${minor === '' ? major : `${major}.${minor}`}${channel === '' ? '' : `+${channel}`}`,
      id,
    );
  }

  #record(record: RecordFact): void {
    const { id: name, provider, aliases = [], publishedAt } = record;
    const date = publishedAt === undefined ? null : sqlTime(publishedAt);
    const id = this.#insert('vulnerability_handles', {
      name,
      status: 'active',
      published_date: date,
      modified_date: date,
      withdrawn_date: null,
      provider_id: provider,
      blob_id: this.#blob(recordBlob(record)),
    });
    for (const alias of aliases) {
      this.#database
        .prepare('INSERT OR IGNORE INTO vulnerability_aliases (name, alias) VALUES (?, ?)')
        .run(name, alias);
    }
    for (const fact of record.affected) this.#affected(id, record, fact);
  }

  #affected(vulnerability: number, { id, aliases = [] }: RecordFact, fact: AffectedFact): void {
    const system = fact.distro === undefined ? null : this.#systems.get(fact.distro);
    if (system === undefined) throw new Error(`record ${id} names the system ${fact.distro}, which is not listed`);
    const cves = [id, ...aliases].filter((name) => name.startsWith('CVE-'));
    const type = RANGE_TYPES[fact.ecosystem] ?? fact.ecosystem;
    const ranges = fact.ranges.map(({ range, fix = '', state = fix === '' ? 'not-fixed' : 'fixed' }) => ({
      version: { type, constraint: range },
      fix: { version: fix, state },
    }));
    this.#insert(fact.unaffected ? 'unaffected_package_handles' : 'affected_package_handles', {
      vulnerability_id: vulnerability,
      operating_system_id: system,
      package_id: this.#package(fact.ecosystem, fact.package),
      blob_id: this.#blob({ ...(cves.length > 0 ? { cves } : {}), ranges }),
    });
  }

  #knownExploited({ cve, dateAdded, dueDate, ransomware }: KnownExploitedFact): void {
    const blob = {
      cve,
      date_added: dateAdded,
      due_date: dueDate,
      known_ransomware_campaign_use: ransomware ? 'known' : 'unknown',
    };
    this.#insert('known_exploited_vulnerability_handles', { cve, blob_id: this.#blob(blob) });
  }

  #package(ecosystem: string, name: string): number {
    const key = `${ecosystem}\n${name}`;
    const id = this.#packages.get(key) ?? this.#insert('packages', { ecosystem, name });
    this.#packages.set(key, id);
    return id;
  }

  #blob(value: object): number {
    const text = JSON.stringify(value);
    const id = this.#blobs.get(text) ?? this.#insert('blobs', { value: text });
    this.#blobs.set(text, id);
    return id;
  }

  #insert(table: string, row: Record<string, string | number | null>): number {
    const columns = Object.keys(row);
    const statement = this.#database.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    return Number(statement.run(...Object.values(row)).lastInsertRowid);
  }
}

function recordBlob({ id, severity, cvss, description, links = [], aliases = [] }: RecordFact): object {
  return {
    id,
    ...(description === undefined ? {} : { description }),
    refs: links.map((url) => ({ url })),
    aliases,
    severities: [
      { scheme: 'CHMLN', value: severity.toLowerCase(), rank: 1 },
      ...(cvss === undefined
        ? []
        : [{ scheme: 'CVSS', value: { vector: cvss, version: /^CVSS:([\d.]+)/.exec(cvss)?.[1] ?? '2.0' }, rank: 2 }]),
    ],
  };
}

/** A time as SQLite's date functions and the published databases write it. */
function sqlTime(text: string): string {
  return `${new Date(text).toISOString().slice(0, 19).replace('T', ' ')}+00:00`;
}
