import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { appendEvent } from '#features/events/index.ts';
import { createDispatcher, createNotificationService } from '#features/notifications/index.ts';
import { createPace, createRegistryQueries, followDue, tagWatcher, watchJob } from '#features/watching/index.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { createOutbound } from '#platform/http/index.ts';
import { createJobs } from '#platform/jobs/index.ts';

/**
 * Claims: 10,000 watched tags at the default cycle cost at most 1 % of a core between changes (beyond what the queue costs
 * without any), and an event is at its webhook within 2 seconds in 99 of 100 cases, at 100 events a second. Registry and
 * receiver run in a process of their own. Run: `node bench/watch.ts [seconds [deliver]]`, on PostgreSQL with `TEST_DATABASE_URL`.
 */
const TAGS = 10_000;
const CYCLE = 3_600;
const RATE = 100;
const SECONDS = Number(process.argv[2] ?? 60);
const DIGEST = `sha256:${'a'.repeat(64)}`;

if (process.argv[2] === 'peer') await peer();
else await main();

/** A registry where nothing moves, and a receiver that tells its parent when each delivery came. */
async function peer(): Promise<void> {
  const server = createServer((request, response) => {
    if (request.method === 'HEAD') {
      const same = request.headers['if-none-match'] === `"${DIGEST}"`;
      process.send?.({ head: true });
      return void response.writeHead(same ? 304 : 200, { 'docker-content-digest': DIGEST }).end();
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const at = Date.now();
      response.writeHead(200).end();
      process.send?.({ at, sent: JSON.parse(Buffer.concat(chunks).toString()).details.sent });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.({ port: (server.address() as AddressInfo).port });
  process.on('disconnect', () => process.exit(0));
}

async function main(): Promise<void> {
  const child = fork(import.meta.filename, ['peer']);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const database = await testDatabase();
  try {
    if (process.argv[3] !== 'deliver') await watching(database, `127.0.0.1:${port}`, child);
    else await sql`insert into account (name, type) values ('bench', 'user')`.execute(database.db);
    await delivering(database, `http://127.0.0.1:${port}/hook`, child);
  } finally {
    await database.close();
    child.disconnect();
  }
}

async function watching(database: Database, host: string, child: ChildProcess): Promise<void> {
  const onError = (error: unknown): void => console.error(error);
  const jobs = createJobs({ database, onError });
  const outbound = createOutbound({});
  const deps = {
    database,
    jobs,
    registries: { credentialLookup: async () => () => undefined },
    parse: () => {
      throw new Error('all watches are there');
    },
    pace: createPace({ requestsPerSecond: 20, parallel: 4 }),
  };
  const images = {
    add: async () => {
      throw new Error('nothing moves');
    },
  };
  jobs.define(
    watchJob(deps, tagWatcher({ cycle: CYCLE, queries: createRegistryQueries({ fetcher: outbound }), images })),
  );
  await jobs.start({ worker: true, scheduler: true });
  let heads = 0;
  child.on('message', (message: { head?: boolean }) => {
    if (message.head) heads += 1;
  });
  const idle = await share(() => wait(SECONDS * 1000));
  await sql`insert into account (name, type) values ('bench', 'user') on conflict do nothing`.execute(database.db);
  await sql`
    insert into subscription (subscription_id, account, subscription_type, subscription_key, active, watched)
    select md5(n::text), 'bench', 'tag_update', ${host} || '/team/app-' || n / 20 || ':' || n % 20, true, true
    from generate_series(1, ${TAGS}::int) n`.execute(database.db);
  await sql`
    insert into watch (subscription_id, account, kind, registry, repository, tag, seen_digest, checked_at, next_check_at)
    select md5(n::text), 'bench', 'tag', ${host}, 'team/app-' || n / 20, (n % 20)::text, ${DIGEST}, now(),
      now() + make_interval(secs => ${CYCLE}::float8 * (n / 20) / (${TAGS}::float8 / 20))
    from generate_series(1, ${TAGS}::int) n`.execute(database.db);
  await sql`analyze`.execute(database.db);
  const following = followDue(database, jobs, { tag: CYCLE }, onError);
  // The first looks open connections and compile code.
  await wait(20_000);
  heads = 0;
  const busy = await share(() => wait(SECONDS * 1000));
  await following.stop();
  await jobs.stop(5_000);
  await outbound.close();
  const percent = (value: number) => `${(100 * value).toFixed(2)} %`;
  console.log(
    `${database.kind}: queue without watches ${percent(idle)} of a core, with ${TAGS} watched tags ${percent(busy)}`,
  );
  console.log(
    `watching costs ${percent(busy - idle)}; ${heads} looks in ${SECONDS} s (${((TAGS / CYCLE) * SECONDS).toFixed(0)} due)`,
  );
}

/** Share of a core that this process uses while something goes on. */
async function share(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (performance.now() - started);
}

async function delivering(database: Database, url: string, child: ChildProcess): Promise<void> {
  const { db } = database;
  const outbound = createOutbound({});
  const secrets = { encryptSecret: (text: string) => text, decryptSecret: (text: string) => text };
  const transport = { fetcher: outbound, addressOf: (name: string) => outbound.addressOf(name) };
  const notifications = createNotificationService({ database, secrets: secrets as never, transport });
  const { uuid } = await notifications.create('bench', 'webhook', { url });
  await notifications.addSelector('bench', false, 'webhook', uuid, {
    scope: 'account',
    level: '*',
    resource_type: '*',
    type: '*',
  });
  const dispatcher = createDispatcher({
    database,
    notifications,
    settings: { retry_seconds: 3_600 },
    onError: (error) => console.error(error),
  });
  const latencies: number[] = [];
  child.on('message', (message: { at?: number; sent?: number }) => {
    if (message.at !== undefined && message.sent !== undefined) latencies.push(message.at - message.sent);
  });
  dispatcher.start();
  const cpu = process.cpuUsage();
  const total = RATE * Math.min(SECONDS, 30);
  const started = performance.now();
  for (let index = 0; index < total; index += 1) {
    const due = started + (index * 1000) / RATE;
    if (due > performance.now()) await wait(due - performance.now());
    const sent = Date.now();
    await appendEvent(db, { name: 'list_tags_fail', account: 'bench', resource_id: String(index), details: { sent } });
  }
  const wrote = (performance.now() - started) / 1000;
  const end = Date.now() + 60_000;
  while (latencies.length < total && Date.now() < end) await wait(50);
  const { user, system } = process.cpuUsage(cpu);
  await dispatcher.stop();
  await outbound.close();
  latencies.sort((a, b) => a - b);
  const at = (part: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? Number.NaN;
  console.log(
    `${latencies.length} of ${total} events delivered, written at ${(total / wrote).toFixed(0)}/s: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${at(1)} ms, ${((user + system) / 1000 / total).toFixed(2)} ms of processor time for each`,
  );
}
