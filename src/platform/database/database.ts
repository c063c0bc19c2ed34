import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import type pg from 'pg';
import { countWrites } from './generation.ts';
import { Listener } from './listener.ts';
import { checkNotice, Notices } from './notices.ts';
import type { Schema } from './schema.generated.ts';
import { runTransaction } from './transactions.ts';
import type { Database } from './types.ts';

export interface DatabaseParts {
  kind: Database['kind'];
  pool: pg.Pool;
  /** Connection options of a further client; PostgreSQL only. */
  client?: pg.ClientConfig;
  report: (error: unknown) => void;
  /** Runs after the pool has ended. */
  onClose?: () => Promise<void>;
}

/** Puts the `Database` of this process together from an open pool. */
export function createDatabase(parts: DatabaseParts): Database {
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: parts.pool }) });
  const messages =
    parts.kind === 'postgres' && parts.client ? overPostgres(parts.client, parts.report) : inMemory(parts.report);
  const generation = parts.kind === 'embedded' ? countWrites(parts.pool) : undefined;
  let closing: Promise<void> | undefined;
  return {
    db,
    kind: parts.kind,
    ...(generation ? { generation } : {}),
    transaction: async (work) => {
      let held: Held[] = [];
      const result = await runTransaction(db, (tx) => {
        held = [];
        messages.hold(tx, held);
        return work(tx);
      });
      for (const { channel, payload } of held) messages.deliver(channel, payload);
      return result;
    },
    notify: async (to, channel, payload) => {
      checkNotice(channel, payload);
      await messages.send(to as Transaction<Schema>, channel, payload);
    },
    listen: async (channel, handler) => {
      checkNotice(channel, '');
      return messages.listen(channel, handler);
    },
    pool: () => ({ open: parts.pool.totalCount, idle: parts.pool.idleCount, waiting: parts.pool.waitingCount }),
    close: () => {
      closing ??= (async () => {
        await messages.close();
        await db.destroy();
        await parts.onClose?.();
      })();
      return closing;
    },
  };
}

interface Held {
  channel: string;
  payload: string;
}

interface Messages {
  /** Gives a transaction a list for messages that wait for its end. */
  hold(tx: Transaction<Schema>, list: Held[]): void;
  deliver(channel: string, payload: string): void;
  send(db: Kysely<Schema>, channel: string, payload: string): Promise<void>;
  listen(channel: string, handler: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

function overPostgres(client: pg.ClientConfig, report: (error: unknown) => void): Messages {
  const listener = new Listener(client, report);
  return {
    hold: () => undefined,
    deliver: () => undefined,
    send: async (db, channel, payload) => {
      await sql`select pg_notify(${channel}, ${payload})`.execute(db);
    },
    listen: (channel, handler) => listener.listen(channel, handler),
    close: () => listener.close(),
  };
}

function inMemory(report: (error: unknown) => void): Messages {
  const notices = new Notices(report);
  const open = new WeakMap<object, Held[]>();
  const deliver = (channel: string, payload: string): void => {
    setImmediate(() => notices.deliver(channel, payload));
  };
  return {
    hold: (tx, list) => open.set(tx, list),
    deliver,
    send: async (db, channel, payload) => {
      if (!db.isTransaction) return deliver(channel, payload);
      const list = open.get(db);
      if (!list) throw new Error('notify needs a transaction of Database.transaction');
      list.push({ channel, payload });
    },
    listen: async (channel, handler) => {
      notices.add(channel, handler);
      return async () => void notices.remove(channel, handler);
    },
    close: async () => undefined,
  };
}
