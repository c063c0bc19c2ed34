import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { freePort, hasProgram, type Started, start, until } from '../e2e/processes.ts';

/** Folder of PostgreSQL's programs, 15 or newer; undefined where it is not installed. */
export function postgresPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const newest = readdirSync(root)
    .map(Number)
    .filter((version) => version >= 15)
    .sort((a, b) => b - a)[0];
  return newest === undefined ? undefined : join(root, String(newest), 'bin');
}

/** Starts a PostgreSQL server of its own on loopback. It refuses to run as root: then it runs as `postgres`. */
export async function startPostgres(folder: string, programs: string): Promise<{ url: string; stop(): Promise<void> }> {
  const data = join(folder, 'postgres');
  mkdirSync(data, { recursive: true });
  chmodSync(folder, 0o755);
  const root = process.getuid?.() === 0;
  if (root)
    chownSync(data, Number(execFileSync('id', ['-u', 'postgres'])), Number(execFileSync('id', ['-g', 'postgres'])));
  const as = (program: string, args: string[]): [string, string[]] =>
    root ? ['runuser', ['-u', 'postgres', '--', join(programs, program), ...args]] : [join(programs, program), args];
  execFileSync(
    ...as('initdb', ['-D', data, '-U', 'windlass', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']),
    { stdio: 'ignore' },
  );
  const port = await freePort();
  execFileSync(
    ...as('pg_ctl', [
      '-D',
      data,
      '-w',
      '-l',
      join(data, 'log'),
      '-o',
      `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`,
      'start',
    ]),
    { stdio: 'ignore' },
  );
  return {
    url: `postgres://windlass@127.0.0.1:${port}/postgres`,
    stop: async () => void execFileSync(...as('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']), { stdio: 'ignore' }),
  };
}

/** Settings of an S3 bucket: of the server that `TEST_S3_ENDPOINT` names, else of a versitygw started here; undefined without either. */
export async function startS3(folder: string): Promise<{ env: Record<string, string>; server?: Started } | undefined> {
  const given = process.env.TEST_S3_ENDPOINT;
  const program = process.env.TEST_VERSITYGW ?? 'versitygw';
  if (!given && !hasProgram(program)) return undefined;
  let endpoint = given;
  let server: Started | undefined;
  if (!endpoint) {
    const port = await freePort();
    for (const name of ['objects', 'metadata']) mkdirSync(join(folder, name), { recursive: true });
    server = start(
      program,
      [
        '--port',
        `127.0.0.1:${port}`,
        '--region',
        'us-east-1',
        'posix',
        '--sidecar',
        join(folder, 'metadata'),
        join(folder, 'objects'),
      ],
      {
        env: { ROOT_ACCESS_KEY: 'test', ROOT_SECRET_KEY: 'testtest' },
      },
    );
    endpoint = `http://127.0.0.1:${port}`;
  }
  const bucket = `windlass-${process.pid}`;
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'testtest' },
  });
  await until(
    async () => client.send(new CreateBucketCommand({ Bucket: bucket })).catch(() => undefined),
    'the S3 server',
    20,
  );
  client.destroy();
  return {
    env: {
      WINDLASS_S3_BUCKET: bucket,
      WINDLASS_S3_ENDPOINT: endpoint,
      WINDLASS_S3_ACCESS_KEY: 'test',
      WINDLASS_S3_SECRET_KEY: 'testtest',
      WINDLASS_S3_PATH_STYLE: 'true',
    },
    ...(server ? { server } : {}),
  };
}
