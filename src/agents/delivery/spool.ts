import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ReportKind } from './report-server.ts';

/** A report that waits to be delivered. It holds no password: credentials are found by account when it is sent. */
export interface SpooledReport {
  kind: ReportKind;
  cluster: string;
  /** Undefined: the account of the user. */
  account?: string;
  /** Where it goes when the account does not exist. */
  fallbackAccount?: string;
  /** RFC 3339; the batches of one snapshot share it. */
  timestamp: string;
  /** Part of a snapshot of everything: older reports of the same cluster and account say nothing more. */
  complete: boolean;
  report: unknown;
}

/** Reports on disk, the oldest first. */
export interface Spool {
  /** Keeps a report; drops those that it supersedes, and the oldest ones beyond the bounds. Returns how many were dropped for room. */
  put(report: SpooledReport): Promise<number>;
  /** Names of what waits, the oldest first. */
  names(): Promise<string[]>;
  /** Undefined when the file is gone or damaged; a damaged one is removed. */
  read(name: string): Promise<SpooledReport | undefined>;
  remove(name: string): Promise<void>;
}

/** Bounds of the spool. */
export interface SpoolLimits {
  maxBytes: number;
  maxReports: number;
}

const packed = promisify(gzip);
const unpacked = promisify(gunzip);
const NAME = /^\d{15}-\d{6}-[0-9a-f]{16}-\d+-[cp]\.json\.gz$/;
const MAX_UNPACKED = 512 * 1024 ** 2;

/** Opens the folder, which only this user may read. Throws when it cannot be made or written to. */
export async function openSpool(directory: string, limits: SpoolLimits, now: () => number = Date.now): Promise<Spool> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const name of await readdir(directory)) {
    // left by a process that was killed while it wrote
    if (name.endsWith('.part')) await rm(join(directory, name), { force: true });
  }
  let counter = 0;
  const names = async () => (await readdir(directory)).filter((name) => NAME.test(name)).sort();

  async function makeRoom(): Promise<number> {
    const all = await names();
    const sizes = await Promise.all(all.map(async (name) => (await stat(join(directory, name))).size));
    let bytes = sizes.reduce((sum, size) => sum + size, 0);
    let dropped = 0;
    for (const [index, name] of all.entries()) {
      if (index === all.length - 1 || (bytes <= limits.maxBytes && all.length - dropped <= limits.maxReports)) break;
      await rm(join(directory, name), { force: true });
      bytes -= sizes[index] ?? 0;
      dropped += 1;
    }
    return dropped;
  }

  return {
    names,
    async put(report) {
      const owner = ownerOf(report);
      const time = Date.parse(report.timestamp);
      if (report.complete) {
        for (const name of await names()) {
          const [, , other, stamp] = name.split('-');
          if (other === owner && Number(stamp) < time) await rm(join(directory, name), { force: true });
        }
      }
      counter = (counter + 1) % 1_000_000;
      const sequence = `${String(now()).padStart(15, '0')}-${String(counter).padStart(6, '0')}`;
      const path = join(directory, `${sequence}-${owner}-${time}-${report.complete ? 'c' : 'p'}.json.gz`);
      await writeFile(`${path}.part`, await packed(JSON.stringify(report)), { mode: 0o600, flush: true });
      await rename(`${path}.part`, path);
      return makeRoom();
    },
    async read(name) {
      try {
        const text = await unpacked(await readFile(join(directory, name)), { maxOutputLength: MAX_UNPACKED });
        return JSON.parse(text.toString('utf8')) as SpooledReport;
      } catch {
        await rm(join(directory, name), { force: true });
        return undefined;
      }
    },
    remove: (name) => rm(join(directory, name), { force: true }),
  };
}

function ownerOf({ kind, cluster, account }: SpooledReport): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, cluster, account ?? '']))
    .digest('hex')
    .slice(0, 16);
}
