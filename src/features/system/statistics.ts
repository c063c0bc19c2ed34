import { sql } from 'kysely';
import type { SystemResourceLimit, SystemStatistics } from '#contract/usage.ts';
import type { Db } from '#platform/database/types.ts';

/** A number about the installation as a whole. */
export interface Statistic {
  name: NonNullable<SystemStatistics['name']>;
  description: string;
  read(db: Db): Promise<number>;
}

/** Numbers that every feature may add to. */
export interface Statistics {
  add(statistic: Statistic): void;
  list(): Promise<SystemStatistics[]>;
  /** How much there is of what may be limited. There are no limits here, so none is exceeded. */
  limits(): Promise<SystemResourceLimit[]>;
}

/** Creates the list with the numbers of the core tables. */
export function createStatistics(db: Db): Statistics {
  const statistics: Statistic[] = [...CORE];

  async function current(name: string): Promise<number> {
    return (await statistics.find((statistic) => statistic.name === name)?.read(db)) ?? 0;
  }

  return {
    add: (statistic) => void statistics.push(statistic),
    async list() {
      const items: SystemStatistics[] = [];
      for (const { name, description, read } of statistics) {
        items.push({ name, description, value_type: 'integer', value: await read(db) });
      }
      return items;
    },
    async limits() {
      const items: SystemResourceLimit[] = [];
      for (const [name, counted] of Object.entries(LIMITED)) {
        let value = 0;
        for (const statistic of counted) value += await current(statistic);
        items.push({
          name: name as keyof typeof LIMITED,
          warning_value: null,
          limit_value: null,
          current_value: value,
          limit_exceeded: false,
        });
      }
      return items;
    },
  };
}

/** What the limits of the API count, as sums of statistics. */
const LIMITED = {
  sbom_inventory: ['image_inventory', 'source_inventory', 'sbom_imported_inventory'],
  report_inventory: ['report_inventory'],
  report_execution_inventory: ['report_execution_inventory'],
  account_inventory: ['account_inventory'],
  user_inventory: ['user_inventory'],
} as const;

const CORE: readonly Statistic[] = [
  { name: 'image_analysis', description: 'Images analysed, all-time', read: (db) => lastValue(db, 'analysis') },
  { name: 'image_inventory', description: 'Images at present', read: (db) => count(db, 'image') },
  { name: 'policy_evaluation', description: 'Policy evaluations, all-time', read: (db) => lastValue(db, 'evaluation') },
  { name: 'policy_creation', description: 'Policies created, all-time', read: (db) => counter(db, 'policy_creation') },
  { name: 'policy_inventory', description: 'Policies at present', read: (db) => count(db, 'policy') },
  {
    name: 'account_creation',
    description: 'Accounts created, all-time',
    read: (db) => counter(db, 'account_creation'),
  },
  { name: 'account_inventory', description: 'Accounts at present', read: (db) => count(db, 'account') },
  { name: 'user_creation', description: 'Users created, all-time', read: (db) => counter(db, 'user_creation') },
  { name: 'user_inventory', description: 'Users at present', read: (db) => count(db, 'app_user') },
];

async function count(db: Db, table: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::float8 as n from ${sql.table(table)}`.execute(db);
  return rows[0]?.n ?? 0;
}

/** The last number given by the identity column `id`: how many rows there have ever been, deleted ones too. */
async function lastValue(db: Db, table: string): Promise<number> {
  const { rows } = await sql<{ n: number | null }>`
    select pg_sequence_last_value(pg_get_serial_sequence(${table}, 'id')::regclass)::float8 as n`.execute(db);
  return rows[0]?.n ?? 0;
}

async function counter(db: Db, name: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select value::float8 as n from statistic where name = ${name}`.execute(db);
  return rows[0]?.n ?? 0;
}
