import { storableText } from '#platform/database/json.ts';
import type { Database, Db } from '#platform/database/types.ts';
import {
  addToStatistics,
  contextsByName,
  deleteContexts,
  dropExpired,
  insertContexts,
  lockCluster,
  noteReport,
  type StoredContext,
  touchContexts,
  touchUnchanged,
  writeNodes,
} from './ingest-store.ts';
import { replaceListed } from './overwrite-store.ts';
import type { IngestResult, InventoryType, Report, ReportedContext } from './report.ts';
import { type InventoryRetention, inventoryCutoff } from './retention.ts';
import { closeUnseen, SEEN_KINDS, SEEN_TABLES, type SeenKind, type SeenRow, writeSeen } from './seen-rows.ts';

/** Rows below contexts that are written by one statement, unless one context alone has more. */
const CHUNK_ROWS = 5_000;

/** All-time counts that new rows add to. */
const COUNTED: Record<InventoryType, Partial<Record<SeenKind | 'nodes' | 'contexts', string>>> = {
  kubernetes: {
    contexts: 'kubernetes_namespace_creation',
    nodes: 'kubernetes_node_creation',
    pods: 'kubernetes_pod_creation',
    containers: 'kubernetes_container_creation',
    images: 'kubernetes_image_creation',
  },
  ecs: {
    services: 'ecs_service_creation',
    tasks: 'ecs_task_creation',
    containers: 'ecs_container_creation',
    images: 'ecs_image_creation',
  },
};

/** What becomes of a context of a report. */
interface Placed {
  given: ReportedContext;
  /** As it was before; undefined for a new one. */
  stored: StoredContext | undefined;
  id: number;
}

/**
 * Stores a report in one transaction. Reports of one cluster wait for each other; whatever of the report cannot be stored,
 * nothing of it is. Every context of the report is whole: what it lacks is closed, or deleted where reports overwrite. Contexts
 * that the report does not name are left alone. A context of which a newer report is known only gets what it lacks.
 */
export function ingestReport(
  deps: { database: Database; retention: InventoryRetention; now: Date },
  account: string,
  report: Report,
): Promise<IngestResult> {
  const { retention, now } = deps;
  const cutoff = inventoryCutoff(retention, now);
  // A clock that is ahead must not make all later reports look old.
  const timestamp = report.timestamp > now ? now : report.timestamp;
  return deps.database.transaction(async (tx) => {
    await lockCluster(tx, account, report.cluster);
    const clusterId = await noteReport(tx, account, { ...report, timestamp }, now);
    const writer = createWriter(tx, account, clusterId, { now, timestamp, cutoff, overwrite: retention.overwrite });
    const { current, late, unchanged } = await writer.place(report.contexts);
    await writer.write(current, false);
    await writer.write(late, true);
    if (retention.overwrite) await writer.replaceOthers(report.contexts, late);
    const nodes = await writeNodes(tx, account, clusterId, report.nodes, { now, cutoff, late: late.length > 0 });
    writer.count('nodes', nodes);
    await addToStatistics(tx, writer.statistics(report.inventory_type));
    return {
      contexts: report.contexts.map(({ context }) => context),
      unchanged: unchanged.length,
      late: late.length,
    };
  });
}

interface WriterOptions {
  now: Date;
  timestamp: Date;
  cutoff: Date;
  overwrite: boolean;
}

function createWriter(tx: Db, account: string, clusterId: number, options: WriterOptions) {
  const { now, timestamp, cutoff, overwrite } = options;
  const added = new Map<SeenKind | 'nodes' | 'contexts', number>();
  // Contexts stored by the other mode are compared row by row.
  const hashNow = ({ hash }: ReportedContext) => `${overwrite ? 'replace' : 'keep'} ${hash}`;
  let known: StoredContext[] = [];

  function count(kind: SeenKind | 'nodes' | 'contexts', rows: number): void {
    added.set(kind, (added.get(kind) ?? 0) + rows);
  }

  /** Finds what is stored of each context, and adds those that are new. */
  async function place(contexts: readonly ReportedContext[]) {
    const names = [...new Set(contexts.map(({ name }) => storableText(name)))];
    const found = await contextsByName(tx, account, clusterId, names);
    const expired = found.filter(({ last_seen }) => last_seen < cutoff).map(({ id }) => id);
    await deleteContexts(tx, account, expired);
    known = found.filter(({ id }) => !expired.includes(id));
    const key = (c: { source: string; uid: string; name: string }) => storableText(`${c.source} ${c.uid} ${c.name}`);
    const byKey = new Map(known.map((one) => [key(one), one]));
    const latest = new Map<string, Date>();
    for (const { source, name, report_timestamp } of known) {
      const before = latest.get(`${source} ${name}`);
      if (!before || before < report_timestamp) latest.set(`${source} ${name}`, report_timestamp);
    }
    const isLate = ({ source, name }: ReportedContext) =>
      timestamp < (latest.get(storableText(`${source} ${name}`)) ?? timestamp);

    const fresh = contexts.filter((one) => !byKey.has(key(one)));
    const ids = await insertContexts(tx, account, clusterId, fresh, { now, timestamp });
    const idOf = new Map(fresh.map((one, index) => [one, ids[index]!]));
    count('contexts', fresh.filter(({ source }) => source === 'agent').length);
    const placed = contexts.map((given): Placed => {
      const stored = byKey.get(key(given));
      return { given, stored, id: stored?.id ?? idOf.get(given)! };
    });
    const late = placed.filter(({ given }) => isLate(given));
    const current = placed.filter(({ given }) => !isLate(given));
    const unchanged = current.filter(({ given, stored }) => stored?.content_hash === hashNow(given));
    await touchUnchanged(
      tx,
      account,
      unchanged.map(({ id }) => id),
      { now, timestamp },
    );
    return { current: current.filter((one) => !unchanged.includes(one)), late, unchanged };
  }

  async function write(contexts: readonly Placed[], late: boolean): Promise<void> {
    const stored = contexts.filter((one) => one.stored).map(({ id }) => id);
    const tables = SEEN_KINDS.map((kind) => SEEN_TABLES[kind].table);
    if (cutoff.getTime() > 0) await dropExpired(tx, account, tables, stored, cutoff);
    for (const chunk of chunks(contexts)) {
      for (const kind of SEEN_KINDS) {
        const rows = chunk.flatMap(({ given, id }) => rowsOf(given, kind, id));
        const spec = SEEN_TABLES[kind];
        if (!late) {
          const before = chunk.filter((one) => one.stored).map(({ id }) => id);
          await closeUnseen(tx, account, spec, before, rows, overwrite);
        }
        count(kind, await writeSeen(tx, account, spec, rows, { now, late }));
      }
    }
    if (late) return;
    const touched = contexts.map(({ id, given }) => ({
      id,
      labels: given.labels,
      annotations: given.annotations,
      hash: hashNow(given),
    }));
    await touchContexts(tx, account, touched, { now, timestamp });
  }

  /** Where reports overwrite: what is known of the same namespaces from before they were made anew, or from other agents. */
  async function replaceOthers(contexts: readonly ReportedContext[], late: readonly Placed[]): Promise<void> {
    const given = contexts.filter((one) => !late.some((placed) => placed.given === one));
    const agents = new Set(given.filter(({ source }) => source === 'agent').map(({ name }) => storableText(name)));
    const uids = new Set(given.map(({ uid }) => uid));
    const replaced = known.filter((one) => agents.has(one.name) && (one.source === 'list' || !uids.has(one.uid)));
    await deleteContexts(
      tx,
      account,
      replaced.map(({ id }) => id),
    );
    for (const list of given.filter(({ source }) => source === 'list')) {
      const others = known.filter((one) => one.source === 'agent' && one.name === storableText(list.name));
      await replaceListed(
        tx,
        account,
        others.map(({ id }) => id),
        list.images,
      );
    }
  }

  return {
    place,
    write,
    replaceOthers,
    count,
    statistics(type: InventoryType): Map<string, number> {
      return new Map(
        [...added].flatMap(([kind, rows]) => {
          const name = COUNTED[type][kind];
          return name === undefined ? [] : [[name, rows] as const];
        }),
      );
    },
  };
}

function rowsOf(context: ReportedContext, kind: SeenKind, context_id: number): SeenRow[] {
  return context[kind].map((row): SeenRow => ({ ...row, context_id }));
}

function* chunks(contexts: readonly Placed[]): Generator<Placed[]> {
  let chunk: Placed[] = [];
  let size = 0;
  for (const one of contexts) {
    const rows = one.given.containers.length + one.given.pods.length + one.given.images.length;
    if (chunk.length > 0 && size + rows > CHUNK_ROWS) {
      yield chunk;
      chunk = [];
      size = 0;
    }
    chunk.push(one);
    size += rows;
  }
  if (chunk.length > 0) yield chunk;
}
