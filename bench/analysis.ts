/**
 * Claim: taking an image apart costs at most twice (with all evidence) or 1.4 times (packages only) the CPU time of what
 * cannot be left out: read, sha256 of the blob, inflate, sha256 of the tar. Peak memory stays below 400 MB, and a second
 * image on the same base costs next to nothing.
 *
 * Run: `node bench/analysis.ts [directory …]`. It packs the directories (default: /usr and the installed packages of this
 * project) into an image below the temporary directory, needs `tar` and `gzip`, and prints ratios. With `BENCH_IMAGE` set
 * to a directory the image is kept there and used again.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyzeImage, DEFAULT_SETTINGS, type LayerCache } from '../src/engine/analysis/index.ts';
import { openInflater } from '../src/engine/analysis/inflate.ts';
import { openLayoutDirectory } from '../src/engine/image/index.ts';

interface Measure {
  cpu: number;
  wall: number;
  rss: number;
  detail: Record<string, unknown>;
}

const CHUNK = 512 * 1024;
/** Enough to be more than 300 MB when compressed. */
const RAW_BYTES = 1e9;
enableCompileCache(); // as the programs do
const self = fileURLToPath(import.meta.url);
const [mode, ...rest] = process.argv.slice(2);

if (mode === '--measure') {
  process.stdout.write(JSON.stringify(await measure(rest[0]!, rest[1]!)));
} else {
  run(process.argv.slice(2));
}

function run(directories: string[]): void {
  const sources =
    directories.length > 0 ? directories : ['/usr', fileURLToPath(new URL('../node_modules', import.meta.url))];
  const kept = process.env.BENCH_IMAGE;
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'windlass-bench-'));
  try {
    const blob = existsSync(join(folder, 'layer')) ? sizeOfLayer(folder) : makeImage(folder, sources);
    console.log(`layer: ${(blob / 1e6).toFixed(0)} MB compressed`);
    const floor = child('floor', folder);
    const rows: [string, Measure, string][] = [['floor', floor, '']];
    for (const [name, target] of [
      ['packages', '1.4'],
      ['full', '2.0'],
    ] as const)
      rows.push([name, child(name, folder), `target ${target}`]);
    for (const [name, { cpu, wall, rss, detail }, target] of rows) {
      const ratio = (cpu / floor.cpu).toFixed(2);
      console.log(
        `${name.padEnd(9)} ${cpu.toFixed(2)} CPU-s  ${wall.toFixed(2)} s  ${rss.toFixed(0)} MB  ratio ${ratio} ${target}  ${JSON.stringify(detail)}`,
      );
    }
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function sizeOfLayer(folder: string): number {
  return statSync(join(folder, 'blobs/sha256', readText(join(folder, 'layer')))).size;
}

function child(name: string, folder: string): Measure {
  const result = spawnSync(process.execPath, [self, '--measure', name, folder], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as Measure;
}

/** An OCI layout with one image of one layer, and a second that adds a small layer to it. Returns the layer's size. */
function makeImage(folder: string, sources: string[]): number {
  const blobs = join(folder, 'blobs/sha256');
  mkdirSync(blobs, { recursive: true });
  const base = pack(folder, sources);
  const top = pack(folder, [fileURLToPath(new URL('../src', import.meta.url))]);
  const image = (name: string, layers: { digest: string; size: number; diffId: string }[]): object => {
    const put = (value: object): { digest: string; size: number } => {
      const bytes = Buffer.from(JSON.stringify(value));
      const digest = createHash('sha256').update(bytes).digest('hex');
      writeFileSync(join(blobs, digest), bytes);
      return { digest: `sha256:${digest}`, size: bytes.length };
    };
    const config = put({
      os: 'linux',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    });
    const manifest = put({
      schemaVersion: 2,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
      layers: layers.map(({ digest, size }) => ({
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest,
        size,
      })),
    });
    return {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      ...manifest,
      annotations: { 'org.opencontainers.image.ref.name': name },
    };
  };
  const manifests = [image('first', [base]), image('second', [base, top])];
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  writeFileSync(join(folder, 'layer'), base.digest.slice(7));
  return base.size;
}

function pack(folder: string, sources: string[]): { digest: string; size: number; diffId: string } {
  const tar = join(folder, 'layer.tar');
  const names = listFiles(sources.filter((source) => existsSync(source))).join('\0');
  // Files may vanish while they are packed; that is no concern of this measurement.
  const options = ['--warning=none', '--ignore-failed-read', '-C', '/', '--no-recursion', '--null', '-T', '-'];
  spawnSync('tar', ['-cf', tar, ...options], { input: names, stdio: ['pipe', 'ignore', 'ignore'] });
  const diffId = `sha256:${digestOfFile(tar)}` as const;
  execFileSync('gzip', ['-6', '-n', tar]);
  const digest = digestOfFile(`${tar}.gz`);
  const { size } = statSync(`${tar}.gz`);
  execFileSync('mv', [`${tar}.gz`, join(folder, 'blobs/sha256', digest)]);
  return { digest: `sha256:${digest}`, size, diffId };
}

/** Paths without their leading slash, until they add up to enough. */
function listFiles(sources: string[]): string[] {
  const names: string[] = [];
  let bytes = 0;
  const pending = [...sources].reverse();
  for (let path = pending.pop(); path !== undefined && bytes < RAW_BYTES; path = pending.pop()) {
    const info = lstatSync(path);
    if (info.isFile()) bytes += info.size;
    if (info.isDirectory()) for (const name of readdirSync(path).reverse()) pending.push(join(path, name));
    if (info.isFile() || info.isDirectory() || info.isSymbolicLink()) names.push(path.slice(1));
  }
  return names;
}

function digestOfFile(path: string): string {
  const hash = createHash('sha256');
  readChunks(path, (chunk) => hash.update(chunk));
  return hash.digest('hex');
}

function readChunks(path: string, take: (chunk: Uint8Array) => void): void {
  const fd = openSync(path, 'r');
  const buffer = new Uint8Array(CHUNK);
  for (let n = readSync(fd, buffer); n > 0; n = readSync(fd, buffer)) take(buffer.subarray(0, n));
  closeSync(fd);
}

async function measure(name: string, folder: string): Promise<Measure> {
  const cache = new Map<string, Uint8Array>();
  const store: LayerCache = {
    get: async (key) => cache.get(key),
    put: async (key, bytes) => {
      cache.set(key, bytes);
    },
  };
  const analyze = async (image: string): Promise<Record<string, unknown>> => {
    const opened = await openLayoutDirectory(folder, { name: image });
    const options = { settings: DEFAULT_SETTINGS, packagesOnly: name === 'packages', cache: store };
    const { packages, files, problems } = await analyzeImage(opened, options);
    return { packages: packages.length, files: files?.length, problems: problems.length };
  };
  const start = process.cpuUsage();
  const wall = performance.now();
  let detail: Record<string, unknown> = {};
  if (name === 'floor') detail = floor(folder);
  else detail = await analyze('first');
  const { user, system } = process.cpuUsage(start);
  const result = {
    cpu: (user + system) / 1e6,
    wall: (performance.now() - wall) / 1000,
    rss: process.resourceUsage().maxRSS / 1024,
  };
  if (name !== 'floor') {
    const again = performance.now();
    await analyze('second');
    detail.secondImageSeconds = Number(((performance.now() - again) / 1000).toFixed(2));
    detail.cachedMB = Number(([...cache.values()].reduce((sum, { length }) => sum + length, 0) / 1e6).toFixed(1));
  }
  return { ...result, detail };
}

function floor(folder: string): Record<string, unknown> {
  const blob = createHash('sha256');
  const raw = createHash('sha256');
  let size = 0;
  const inflater = openInflater('gzip', (chunk) => {
    size += chunk.length;
    raw.update(chunk);
  });
  const layer = readText(join(folder, 'layer'));
  readChunks(join(folder, 'blobs/sha256', layer), (chunk) => {
    blob.update(chunk);
    inflater.write(chunk);
  });
  inflater.end();
  return { rawMB: Math.round(size / 1e6), ok: blob.digest('hex') === layer };
}

function readText(path: string): string {
  const parts: Uint8Array[] = [];
  readChunks(path, (chunk) => parts.push(chunk.slice()));
  return Buffer.concat(parts).toString('utf8');
}
