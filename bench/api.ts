/**
 * Requests per second of `GET /v2/images` with 50 images on the embedded database, against a bare Fastify route that
 * returns the same bytes, in turns within one run; memory at rest, and time and work until ready on an existing data
 * folder. Prints one JSON line. Targets: ratio ≥ 0.5, rest ≤ 450 MB, at no time of the start above 500 MB, ready with
 * 1.5 s of work.
 *
 *   node bench/api.ts [seconds per round]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { buildOciImage, debianFiles, ociArchive } from '../test/builders/oci-image.ts';

const IMAGES = 50;
const PASSWORD = 'bench-password';
const AUTHORIZATION = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`;
const seconds = Number(process.argv[2] ?? 5);
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'windlass-bench-'));

interface Program {
  child: ChildProcess;
  url: string;
  /** Milliseconds from the start of the process to the line that says so. */
  ready: number;
  /** Seconds for which its threads were at work until then. */
  work: number;
}

/** Seconds of user and system time of a process so far, and of the processes that it has waited for. */
function workOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

async function startProgram(args: string[], env: Record<string, string>): Promise<Program> {
  const from = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    const match = /ready at (http:\S+)\n/.exec(text);
    if (!match) continue;
    child.stdout!.resume();
    return { child, url: match[1]!, ready: performance.now() - from, work: workOf(child) };
  }
  throw new Error(`${args.join(' ')} ended:\n${text}`);
}

function startServer(): Promise<Program> {
  return startProgram([join(root, 'bin', 'windlass'), 'serve'], {
    WINDLASS_PORT: '0',
    WINDLASS_HOST: '127.0.0.1',
    WINDLASS_DATA_DIR: join(folder, 'data'),
    WINDLASS_ADMIN_PASSWORD: PASSWORD,
    WINDLASS_FEED_AUTO_SYNC: 'false',
    WINDLASS_ACCESS_LOG: 'false',
    WINDLASS_LOG_LEVEL: 'warn',
  });
}

async function stop({ child }: Program): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function api(server: Program, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(server.url + path, {
    ...init,
    headers: { authorization: AUTHORIZATION, ...init.headers },
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response;
}

async function addImages(server: Program): Promise<void> {
  for (let index = 0; index < IMAGES; index += 1) {
    const image = buildOciImage([
      debianFiles({ bash: '5.2.15-2+b2', openssl: '3.0.9-1' }),
      { 'etc/number': String(index) },
    ]);
    await api(server, `/v2/windlass/image-archives?tag=bench.local/team/app:v${index}`, {
      method: 'POST',
      body: new Uint8Array(ociArchive([{ image, tag: 'latest' }])),
      headers: { 'content-type': 'application/octet-stream' },
    });
  }
  for (;;) {
    const { items } = (await (await api(server, '/v2/images')).json()) as { items: { analysis_status: string }[] };
    if (items.length === IMAGES && items.every((item) => item.analysis_status === 'analyzed')) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function measure(url: string): Promise<number> {
  const result = await autocannon({
    url,
    connections: 10,
    duration: seconds,
    headers: { authorization: AUTHORIZATION },
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refusals, ${result.errors} errors`);
  return result.requests.average;
}

const megabytes = (child: ChildProcess, field: string): number =>
  Math.round(
    Number(
      new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0,
    ) / 1000,
  );

/** The floor: a route that has the bytes at hand. Runs in a process of its own, as the server does. */
const BARE = `
import fastify from 'fastify';
const body = await new Response(process.stdin).text();
const app = fastify();
app.get('/v2/images', (request, reply) => reply.header('content-type', 'application/json').send(body));
console.log('ready at ' + await app.listen({ port: 0, host: '127.0.0.1' }));
`;

async function startBare(bytes: string): Promise<Program> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', BARE], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(bytes);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: String(line).trim().replace('ready at ', ''), ready: 0, work: 0 };
}

try {
  const first = await startServer();
  await addImages(first);
  await stop(first);

  const server = await startServer();
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  const idle = megabytes(server.child, 'VmRSS');
  const peak = megabytes(server.child, 'VmHWM');
  const bytes = await (await api(server, '/v2/images')).text();
  const bare = await startBare(bytes);
  const rounds: { bare: number; server: number }[] = [];
  for (let round = 0; round < 3; round += 1) {
    rounds.push({ bare: await measure(`${bare.url}/v2/images`), server: await measure(`${server.url}/v2/images`) });
  }
  const best = (name: 'bare' | 'server'): number => Math.max(...rounds.map((round) => round[name]));
  console.log(
    JSON.stringify({
      bench: 'api',
      images: IMAGES,
      bytes: bytes.length,
      bare_requests_per_second: Math.round(best('bare')),
      requests_per_second: Math.round(best('server')),
      ratio: Number((best('server') / best('bare')).toFixed(2)),
      ready_seconds: Number((server.ready / 1000).toFixed(2)),
      ready_work_seconds: server.work,
      first_ready_seconds: Number((first.ready / 1000).toFixed(2)),
      idle_rss_mb: idle,
      start_peak_rss_mb: peak,
      busy_rss_mb: megabytes(server.child, 'VmRSS'),
    }),
  );
  await stop(bare);
  await stop(server);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
