import type { DatabaseSync } from 'node:sqlite';

/** Columns of the tables of Grype DB v6.1.9 that this product writes. `id` is numbered where it is an integer. */
const TABLES: Readonly<Record<string, string>> = {
  db_metadata:
    'build_timestamp datetime NOT NULL, model integer NOT NULL, revision integer NOT NULL, addition integer NOT NULL',
  providers: 'id text PRIMARY KEY, version text, processor text, date_captured datetime, input_digest text',
  blobs: 'id integer PRIMARY KEY AUTOINCREMENT, value text NOT NULL',
  vulnerability_handles:
    'id integer PRIMARY KEY AUTOINCREMENT, name text NOT NULL COLLATE NOCASE, status text NOT NULL, published_date datetime, modified_date datetime, withdrawn_date datetime, provider_id text NOT NULL, blob_id integer',
  vulnerability_aliases: 'name text COLLATE NOCASE, alias text NOT NULL COLLATE NOCASE, PRIMARY KEY (name, alias)',
  operating_systems:
    'id integer PRIMARY KEY AUTOINCREMENT, name text, release_id text, major_version text, minor_version text, label_version text, codename text, channel text, eol_date datetime, eoas_date datetime',
  operating_system_specifier_overrides:
    'alias text, version text, version_pattern text, codename text, channel text, replacement text, replacement_major_version text, replacement_minor_version text, replacement_label_version text, replacement_channel text, rolling numeric, applicable_client_db_schemas text',
  packages: 'id integer PRIMARY KEY AUTOINCREMENT, ecosystem text COLLATE NOCASE, name text COLLATE NOCASE',
  package_specifier_overrides:
    'ecosystem text, replacement_ecosystem text, PRIMARY KEY (ecosystem, replacement_ecosystem)',
  architecture_aliases: 'alias text PRIMARY KEY, canonical text NOT NULL',
  affected_package_handles:
    'id integer PRIMARY KEY AUTOINCREMENT, vulnerability_id integer NOT NULL, operating_system_id integer, package_id integer, blob_id integer',
  unaffected_package_handles:
    'id integer PRIMARY KEY AUTOINCREMENT, vulnerability_id integer NOT NULL, operating_system_id integer, package_id integer, blob_id integer',
  cpes: 'id integer PRIMARY KEY AUTOINCREMENT, part text NOT NULL, vendor text, product text NOT NULL, edition text, language text, software_edition text, target_hardware text, target_software text, other text',
  package_cpes: 'cpe_id integer, package_id integer, PRIMARY KEY (cpe_id, package_id)',
  affected_cpe_handles:
    'id integer PRIMARY KEY AUTOINCREMENT, vulnerability_id integer NOT NULL, cpe_id integer, blob_id integer',
  unaffected_cpe_handles:
    'id integer PRIMARY KEY AUTOINCREMENT, vulnerability_id integer NOT NULL, cpe_id integer, blob_id integer',
  known_exploited_vulnerability_handles:
    'id integer PRIMARY KEY AUTOINCREMENT, cve text NOT NULL COLLATE NOCASE, blob_id integer',
  epss_handles:
    'id integer PRIMARY KEY AUTOINCREMENT, cve text NOT NULL COLLATE NOCASE, epss real NOT NULL, percentile real NOT NULL',
  epss_metadata: 'date datetime NOT NULL',
  cwe_handles: 'id integer PRIMARY KEY AUTOINCREMENT, cve text NOT NULL, cwe text NOT NULL, source text, type text',
};

/** Makes the tables of an empty database. */
export function createTables(database: DatabaseSync): void {
  for (const [name, columns] of Object.entries(TABLES)) database.exec(`CREATE TABLE ${name} (${columns})`);
}
