import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';

/** The generated file. */
export const schemaPath = join(import.meta.dirname, 'schema.generated.ts');

interface Column {
  table: string;
  name: string;
  type: string;
  nullable: boolean;
  generated: boolean;
  always: boolean;
}

const COLUMNS = sql<Column>`
  select c.relname as "table", a.attname as name, format_type(a.atttypid, null) as type, not a.attnotnull as nullable,
    a.atthasdef or a.attidentity <> '' as generated, a.attidentity = 'a' or a.attgenerated <> '' as always
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
  order by c.relname, a.attnum`;

/** TypeScript types of a value read; written; undefined when both are the same. */
const TYPES: Record<string, [read: string, write?: string]> = {
  text: ['string'],
  'character varying': ['string'],
  uuid: ['string'],
  boolean: ['boolean'],
  smallint: ['number'],
  integer: ['number'],
  bigint: ['number', 'number | bigint'],
  real: ['number'],
  'double precision': ['number'],
  numeric: ['string', 'string | number'],
  date: ['string'],
  interval: ['string'],
  inet: ['string'],
  'timestamp with time zone': ['Date', 'Date | string'],
  bytea: ['Buffer', 'Uint8Array'],
  // Written as text from json(): the driver would make a PostgreSQL array of a JavaScript array.
  jsonb: ['unknown', 'string'],
  json: ['unknown', 'string'],
  tsvector: ['string'],
};

function typeOf(name: string): [read: string, write: string] {
  if (name.endsWith('[]')) {
    const [read, write] = typeOf(name.slice(0, -2));
    return [`${wrap(read)}[]`, `${wrap(write)}[]`];
  }
  const type = TYPES[name];
  if (!type) throw new Error(`no TypeScript type for the column type ${name}: add it to schema-source.ts`);
  return [type[0], type[1] ?? type[0]];
}

function wrap(type: string): string {
  return type.includes(' ') ? `(${type})` : type;
}

function columnType({ type, nullable, generated, always }: Column): string {
  const nothing = nullable ? ' | null' : '';
  const [read, write] = typeOf(type);
  const selected = read === 'unknown' ? read : `${read}${nothing}`;
  if (always) return `ColumnType<${selected}, never, never>`;
  const written = `${write}${nothing}`;
  if (selected === written) return generated ? `Generated<${selected}>` : selected;
  const inserted = generated || nullable ? `${written} | undefined` : written;
  return `ColumnType<${selected}, ${inserted}, ${written}>`;
}

/** Text of schema.generated.ts for the tables of a database. */
export async function renderSchema<S>(db: Kysely<S>): Promise<string> {
  const { rows } = await COLUMNS.execute(db);
  const tables = Map.groupBy(rows, (column) => column.table);
  const lines = [
    '// Written by scripts/generate-schema.ts from the migrations. Do not edit.',
    `import type { ColumnType, Generated } from 'kysely';`,
    '',
    '/** Tables of the database by name. */',
    'export interface Schema {',
    ...[...tables.keys()].map((table) => `  ${table}: ${interfaceName(table)};`),
    '}',
  ];
  for (const [table, columns] of tables) {
    lines.push('', `export interface ${interfaceName(table)} {`);
    for (const column of columns) lines.push(`  ${column.name}: ${columnType(column)};`);
    lines.push('}');
  }
  return `${lines.join('\n')}\n`;
}

function interfaceName(table: string): string {
  return `${table.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())}Table`;
}
