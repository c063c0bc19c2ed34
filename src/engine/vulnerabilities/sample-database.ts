import { DatabaseSync } from 'node:sqlite';

/** One record of a sample database. */
export interface SampleRecord {
  id: string;
  provider: string;
  /** Ecosystem and name; absent for a CPE record. */
  package?: [ecosystem: string, name: string];
  /** Name of an entry of `systems`. */
  system?: string;
  /** `vendor`, `product` and target software. */
  cpe?: [vendor: string, product: string, targetSoftware?: string];
  /** False: an unaffected record. */
  affected?: boolean;
  /** `[type, constraint, fix version or state]`. */
  ranges?: [type: string, constraint: string, fix?: string][];
  qualifiers?: Record<string, unknown>;
  aliases?: string[];
  cves?: string[];
  severities?: unknown[];
  status?: string;
}

/** A sample operating system: `name`, `release_id`, major, minor, label, codename, channel, eol date. */
export type SampleSystem = [
  name: string,
  releaseId: string,
  major: string,
  minor: string,
  label?: string,
  codename?: string,
  channel?: string,
  eol?: string,
];

/** What a sample database holds. */
export interface Sample {
  systems?: Record<string, SampleSystem>;
  records: SampleRecord[];
  /** Alias, replacement, and whether it is rolling. */
  overrides?: [alias: string, replacement: string | null, rolling?: boolean, replacementLabel?: string][];
  kev?: string[];
  epss?: [cve: string, score: number, percentile: number][];
  model?: number;
  /** Tables to leave out. */
  without?: string[];
}

const TABLES: Record<string, string> = {
  db_metadata: 'build_timestamp datetime, model integer, revision integer, addition integer',
  providers: 'id text PRIMARY KEY, version text, processor text, date_captured datetime, input_digest text',
  blobs: 'id integer PRIMARY KEY, value text',
  vulnerability_handles:
    'id integer PRIMARY KEY, name text, status text, published_date datetime, modified_date datetime, withdrawn_date datetime, provider_id text, blob_id integer',
  vulnerability_aliases: 'name text, alias text',
  packages: 'id integer PRIMARY KEY, ecosystem text, name text',
  operating_systems:
    'id integer PRIMARY KEY, name text, release_id text, major_version text, minor_version text, label_version text, codename text, channel text, eol_date datetime, eoas_date datetime',
  affected_package_handles:
    'id integer PRIMARY KEY, vulnerability_id integer, operating_system_id integer, package_id integer, blob_id integer',
  unaffected_package_handles:
    'id integer PRIMARY KEY, vulnerability_id integer, operating_system_id integer, package_id integer, blob_id integer',
  cpes: 'id integer PRIMARY KEY, part text, vendor text, product text, edition text, language text, software_edition text, target_hardware text, target_software text, other text',
  affected_cpe_handles: 'id integer PRIMARY KEY, vulnerability_id integer, cpe_id integer, blob_id integer',
  operating_system_specifier_overrides:
    'alias text, version text, version_pattern text, codename text, channel text, replacement text, replacement_major_version text, replacement_minor_version text, replacement_label_version text, replacement_channel text, rolling numeric, applicable_client_db_schemas text',
  architecture_aliases: 'alias text, canonical text',
  known_exploited_vulnerability_handles: 'id integer PRIMARY KEY, cve text, blob_id integer',
  epss_handles: 'id integer PRIMARY KEY, cve text, epss real, percentile real',
  epss_metadata: 'date datetime',
};

/** Writes a small database of schema 6, as a database service publishes it: no indices beyond primary keys. For tests. */
export function writeSampleDatabase(path: string, sample: Sample): void {
  const db = new DatabaseSync(path);
  for (const [table, columns] of Object.entries(TABLES)) {
    if (!sample.without?.includes(table)) db.exec(`CREATE TABLE ${table} (${columns})`);
  }
  const insert = (table: string, ...values: (string | number | null)[]): number => {
    if (sample.without?.includes(table)) return 0;
    return Number(
      db.prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`).run(...values).lastInsertRowid,
    );
  };
  const blob = (value: unknown): number =>
    insert('blobs', null, typeof value === 'string' ? value : JSON.stringify(value));
  db.exec('BEGIN');
  insert('db_metadata', '2026-08-23 01:30:00+00:00', sample.model ?? 6, 1, 9);
  insert('epss_metadata', '2026-08-22 00:00:00+00:00');
  insert('architecture_aliases', 'x86_64', 'amd64');
  const systems = new Map(
    Object.entries(sample.systems ?? {}).map(
      ([name, [os, id, major, minor, label = '', codename = '', channel = '', eol]]) => [
        name,
        insert('operating_systems', null, os, id, major, minor, label, codename, channel, eol ?? null, null),
      ],
    ),
  );
  for (const [alias, replacement, rolling = false, label] of sample.overrides ?? []) {
    insert(
      'operating_system_specifier_overrides',
      alias,
      '',
      '',
      '',
      '',
      replacement,
      null,
      null,
      label ?? null,
      null,
      rolling ? 1 : 0,
      '',
    );
  }
  for (const provider of new Set(sample.records.map((record) => record.provider)))
    insert('providers', provider, '1', 'test', '2026-08-22 00:00:00+00:00', '');
  const packages = new Map<string, number>();
  const handles = new Map<string, number>();
  for (const record of sample.records) {
    const handleKey = `${record.provider} ${record.id}`;
    const handle =
      handles.get(handleKey) ??
      insert(
        'vulnerability_handles',
        null,
        record.id,
        record.status ?? 'active',
        '2025-01-02 00:00:00+00:00',
        null,
        null,
        record.provider,
        blob({
          id: record.id,
          aliases: record.aliases,
          severities: record.severities,
          description: `About ${record.id}`,
          refs: [{ url: `https://advisories.invalid/${record.id}` }],
        }),
      );
    handles.set(handleKey, handle);
    for (const alias of record.aliases ?? []) insert('vulnerability_aliases', record.id, alias);
    const ranges = (record.ranges ?? []).map(([type, constraint, fix]) => ({
      version: { type, constraint },
      ...(fix === undefined
        ? {}
        : {
            fix: ['not-fixed', 'wont-fix'].includes(fix)
              ? { state: fix }
              : { version: fix, state: 'fixed', detail: { available: { date: '2025-02-03' } } },
          }),
    }));
    const content = blob({
      ...(record.cves ? { cves: record.cves } : {}),
      ...(record.qualifiers ? { qualifiers: record.qualifiers } : {}),
      ranges,
    });
    if (record.cpe) {
      const [vendor, product, target = ''] = record.cpe;
      insert(
        'affected_cpe_handles',
        null,
        handle,
        insert('cpes', null, 'a', vendor, product, '', '', '', '', target, ''),
        content,
      );
    }
    if (record.package) {
      const key = record.package.join(' ');
      const id = packages.get(key) ?? insert('packages', null, ...record.package);
      packages.set(key, id);
      insert(
        record.affected === false ? 'unaffected_package_handles' : 'affected_package_handles',
        null,
        handle,
        record.system === undefined ? null : (systems.get(record.system) ?? null),
        id,
        content,
      );
    }
  }
  for (const cve of sample.kev ?? [])
    insert(
      'known_exploited_vulnerability_handles',
      null,
      cve,
      blob({
        cve,
        date_added: '2025-03-04T00:00:00Z',
        due_date: '2025-03-25T00:00:00Z',
        known_ransomware_campaign_use: 'Known',
      }),
    );
  for (const [cve, score, percentile] of sample.epss ?? []) insert('epss_handles', null, cve, score, percentile);
  db.exec('COMMIT');
  db.close();
}
