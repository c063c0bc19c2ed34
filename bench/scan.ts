import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchDatabase, openIndex } from '#engine/vulnerabilities/index.ts';
import type { MatchablePackage, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';

/**
 * Claim: `windlass scan sbom:FILE -o json` with a warm index, start included, takes at most a tenth of the processor time
 * that the usual matcher of the field takes for SBOMs of the same size: 8 s for 2,440 packages with 1,069 findings, 36 s
 * for 2,131 packages with 14,635 findings. The SBOMs are made of packages of the database given.
 * Run: `node bench/scan.ts [folder or archive of a vulnerability database]`.
 */
const location = process.argv[2] ?? join(import.meta.dirname, '../../shared/data/vulnerability-db/build-2');
const program = join(import.meta.dirname, '../src/programs/cli.ts');
const SHAPES = [
  { name: 'a usual image', packages: 2_440, findings: 1_069, seconds: 8 },
  { name: 'an image with many findings', packages: 2_131, findings: 14_635, seconds: 36 },
];
const ROUNDS = 5;

const directory = await mkdtemp(join(tmpdir(), 'windlass-bench-'));
const env = { ...process.env, XDG_CACHE_HOME: directory };

try {
  const offline = { request: () => Promise.reject(new Error('this benchmark reads local files only')) };
  const fetched = await fetchDatabase({ location, directory, fetcher: offline });
  if (!fetched) throw new Error('no database');
  const empty = join(directory, 'empty.json');
  await writeFile(empty, JSON.stringify({ artifacts: [], source: { type: 'image' }, distro: {} }));
  run(empty);
  const index = openIndex(await indexFolder());
  const candidates = await vulnerablePackages(fetched.databasePath, index);
  const start = best(empty);
  console.log(`start alone: ${seconds(start)} s of processor time`);
  for (const shape of SHAPES) {
    const path = join(directory, 'sbom.json');
    const sbom = makeSbom(shape, candidates);
    await writeFile(path, JSON.stringify(sbom.document));
    const megabytes = (JSON.stringify(sbom.document).length / 1e6).toFixed(1);
    const cpu = best(path);
    console.log(
      `${shape.name}: ${sbom.document.artifacts.length} packages, ${count(path)} findings (asked for ${shape.findings}), ${megabytes} MB: ` +
        `${seconds(cpu)} s of processor time (user and system), 1/${(shape.seconds / cpu).toFixed(1)} of ${shape.seconds} s`,
    );
  }
  await index.close();
  await fetched.dispose();
} finally {
  await rm(directory, { recursive: true, force: true });
}

function seconds(value: number): string {
  return value.toFixed(2);
}

function command(path: string): string[] {
  return ['scan', `sbom:${path}`, '-o', 'json', '--db', location, '--allow-incomplete', '--quiet'];
}

/** Runs a scan; returns the processor time of the process in seconds, as the shell tells it. */
function run(path: string): number {
  const line = [process.execPath, program, ...command(path)].map((word) => `'${word}'`).join(' ');
  const { stdout, stderr, status } = spawnSync('sh', ['-c', `${line} > /dev/null || exit 9; times`], {
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the scan failed: ${stderr}`);
  const children = stdout.trim().split('\n')[1] ?? '';
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, min, sec]) => sum + Number(min) * 60 + Number(sec),
    0,
  );
}

function best(path: string): number {
  return Math.min(...Array.from({ length: ROUNDS }, () => run(path)));
}

function count(path: string): number {
  const { stdout } = spawnSync(process.execPath, [program, ...command(path)], {
    env,
    encoding: 'utf8',
    maxBuffer: 1024 ** 3,
  });
  return (JSON.parse(stdout) as { vulnerabilities: unknown[] }).vulnerabilities.length;
}

async function indexFolder(): Promise<string> {
  const { readdir } = await import('node:fs/promises');
  const folder = join(directory, 'windlass', 'vulnerabilities');
  const name = (await readdir(folder)).find((entry) => entry.startsWith('index-'));
  if (!name) throw new Error('no index');
  return join(folder, name);
}

interface Candidate {
  pkg: MatchablePackage;
  matches: number;
}

/** Packages of the distribution with most records, and language packages, at a version before most fixes. */
async function vulnerablePackages(database: string, index: VulnerabilityIndex): Promise<Candidate[]> {
  const { DatabaseSync } = await import('node:sqlite');
  const db = new DatabaseSync(database, { readOnly: true });
  const [system] = db
    .prepare(
      `SELECT o.id AS id, o.release_id AS release, o.major_version AS major, o.minor_version AS minor
       FROM affected_package_handles a JOIN operating_systems o ON o.id = a.operating_system_id
       WHERE o.release_id = 'debian' GROUP BY o.id ORDER BY count(*) DESC LIMIT 1`,
    )
    .all() as Record<string, string>[];
  const rows = db
    .prepare(
      `SELECT DISTINCT p.ecosystem AS ecosystem, p.name AS name, a.operating_system_id AS system
       FROM affected_package_handles a JOIN packages p ON p.id = a.package_id
       WHERE a.operating_system_id = ? OR (a.operating_system_id IS NULL AND p.ecosystem IN ('npm', 'python'))`,
    )
    .all(system?.id ?? '') as Record<string, string | null>[];
  db.close();
  const distro = {
    id: String(system?.release),
    versionId: [system?.major, system?.minor].filter(Boolean).join('.'),
    idLike: [],
    evidence: 'bench',
  };
  const settings = { cpe: {}, excludeProviders: [], excludePackageTypes: [] };
  return rows
    .map(({ ecosystem, name, system: os }): Candidate => {
      const type = (os === null ? ecosystem : 'deb') as MatchablePackage['type'];
      const pkg: MatchablePackage = {
        type,
        name: name ?? '',
        version: os === null ? '0.0.1' : '0~1',
        upstreams: [],
        cpes: [],
        ...(os === null ? {} : { distro }),
      };
      return { pkg, matches: index.match(pkg, settings).matches.length };
    })
    .sort((a, b) => b.matches - a.matches || (a.pkg.name < b.pkg.name ? -1 : 1));
}

/** A native SBOM with about so many packages and findings. Binary packages of one source share its findings, as in images. */
function makeSbom(shape: { packages: number; findings: number }, candidates: readonly Candidate[]) {
  const chosen: { pkg: MatchablePackage; source?: string }[] = [];
  let findings = 0;
  // The records of a source count once for each of its binary packages.
  for (let copy = 0; findings < shape.findings && copy < 60; copy++) {
    for (const { pkg, matches } of candidates) {
      if (chosen.length >= shape.packages || findings + matches > shape.findings || matches === 0) continue;
      if (copy > 0 && pkg.type !== 'deb') continue;
      findings += matches;
      chosen.push(copy === 0 ? { pkg } : { pkg: { ...pkg, name: `${pkg.name}-part${copy}` }, source: pkg.name });
    }
  }
  const fixed = candidates.filter(({ pkg }) => pkg.type === 'deb');
  for (let i = 0; chosen.length < shape.packages; i++) {
    const { pkg } = fixed[i % fixed.length] as Candidate;
    chosen.push({ pkg: { ...pkg, name: `${pkg.name}-more${i}`, version: '99999:1' } });
  }
  const distro = fixed[0]?.pkg.distro;
  return {
    document: {
      artifacts: chosen.map(({ pkg, source }, at) => artifact(pkg, source, at)),
      artifactRelationships: chosen.map((_, at) => ({ parent: 'image', child: idOf(at), type: 'contains' })),
      source: { id: 'image', name: 'bench', type: 'image', metadata: { userInput: 'bench' } },
      distro: { id: distro?.id, versionID: distro?.versionId, prettyName: 'Bench', idLike: [] },
      descriptor: { name: 'syft', version: '1.0.0' },
      schema: { version: '16.1.0', url: '' },
    },
  };
}

function idOf(at: number): string {
  return createHash('sha256').update(String(at)).digest('hex').slice(0, 16);
}

/** As large as such entries are: CPE names, licences, owned files. */
function artifact(pkg: MatchablePackage, source: string | undefined, at: number) {
  const name = pkg.name.toLowerCase();
  const isOs = pkg.type === 'deb';
  return {
    id: idOf(at),
    name: pkg.name,
    version: pkg.version,
    type: pkg.type,
    foundBy: 'cataloger',
    locations: [{ path: isOs ? '/var/lib/dpkg/status' : `/app/${at}/package.json`, layerID: `sha256:${idOf(at)}` }],
    licenses: ['GPL-2.0-or-later', 'MIT'].map((value) => ({
      value,
      spdxExpression: value,
      type: 'declared',
      urls: [],
    })),
    language: '',
    cpes: ['a', 'b', 'c', 'd'].map((vendor) => ({
      cpe: `cpe:2.3:a:${vendor}-${name.replaceAll(/[^a-z0-9]/g, '_')}:${name.replaceAll(/[^a-z0-9]/g, '_')}:1:*:*:*:*:*:*:*`,
      source: 'syft-generated',
    })),
    purl: `pkg:${isOs ? 'deb/debian' : pkg.type === 'python' ? 'pypi' : 'npm'}/${encodeURIComponent(pkg.name)}@${encodeURIComponent(pkg.version)}`,
    metadataType: isOs ? 'dpkg-db-entry' : 'javascript-npm-package',
    metadata: isOs
      ? {
          package: pkg.name,
          source: source ?? '',
          version: pkg.version,
          sourceVersion: '',
          architecture: 'amd64',
          maintainer: 'Somebody <somebody@example.org>',
          installedSize: 1000,
          files: Array.from({ length: 15 }, (_, file) => ({
            path: `/usr/share/doc/${pkg.name}/file-${file}`,
            digest: { algorithm: 'md5', value: idOf(file) },
            isConfigFile: false,
          })),
        }
      : { name: pkg.name, version: pkg.version, author: '', homepage: '', description: '', url: '', private: false },
  };
}
