import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSettings, type MemoryFiles, memoryContent, memoryImage } from '../../../test/builders/memory-image.ts';
import type { FileHead, FileReader } from '../image/types.ts';
import { compareBytes } from './byte-order.ts';
import { analyzers } from './registry.ts';
import type { Analyzer } from './types.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const folders = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Paths that analyzers are known to look at, and magic numbers that they decide on. */
const PATHS = [
  '/etc/os-release',
  '/etc/debian_version',
  '/etc/redhat-release',
  '/bin/busybox',
  '/etc/yum.repos.d/redhat.repo',
  '/var/lib/dpkg/status',
  '/var/lib/dpkg/status.d/base',
  '/var/lib/dpkg/info/a.list',
  '/var/lib/dpkg/info/a.md5sums',
  '/var/lib/dpkg/diversions',
  '/usr/share/doc/a/copyright',
  '/usr/lib/opkg/status',
  '/lib/apk/db/installed',
  '/var/lib/rpm/Packages',
  '/var/lib/rpm/Packages.db',
  '/var/lib/rpm/rpmdb.sqlite',
  '/var/lib/rpm/rpmdb.sqlite-wal',
  '/var/lib/rpmmanifest/container-manifest-2',
  '/var/lib/pacman/local/a-1/desc',
  '/var/lib/pacman/local/a-1/files',
  '/etc/passwd',
  '/root/.aws/credentials',
  '/app/package.json',
  '/app/node_modules/.package-lock.json',
  '/app/a.jar',
  '/app/a.war',
  '/usr/lib/python3/dist-packages/a-1.dist-info/METADATA',
  '/usr/lib/python3/dist-packages/a-1.dist-info/RECORD',
  '/usr/lib/python3/dist-packages/a.egg-info',
  '/usr/lib/ruby/specifications/a-1.gemspec',
  '/usr/bin/program',
  '/usr/lib/libx.so.1',
  '/app/app.deps.json',
  '/app/a.dll',
  '/app/vendor/composer/installed.json',
  '/opt/java/release',
  '/opt/conda/conda-meta/a.json',
  '/usr/lib/R/library/a/DESCRIPTION',
  '/anchore_hints.json',
  '/opt/bitnami/a/.spdx-a.spdx',
  '/app/wp-content/plugins/a/a.php',
  '/usr/lib/luarocks/a-1-1.rockspec',
  '/usr/lib/erlang/lib/a-1/ebin/a.app',
  '/usr/share/php/.registry/a.reg',
  '/boot/vmlinuz-6.1',
  '/lib/modules/6.1/kernel/a.ko',
  '/lib/modules/6.1/kernel/a.ko.xz',
  '/var/db/pkg/a/b-1/CONTENTS',
  '/var/db/pkg/a/b-1/LICENSE',
  '/nix/var/nix/db/db.sqlite',
  '/snap/manifest.yaml',
  '/usr/share/snappy/dpkg.yaml',
  '/opt/homebrew/Cellar/a/1/.brew/a.rb',
  '/opt/homebrew/Cellar/a/1/INSTALL_RECEIPT.json',
  '/root/.conan/data/a/1/conaninfo.txt',
  '/usr/lib/python3/dist-packages/a-1.dist-info/sboms/a.cdx.json',
];
const MAGIC = [
  '',
  '{',
  '{"name":"a","version":"1"',
  'SQLite format 3\0',
  'RpmP',
  '\x7fELF\x02\x01\x01',
  'PK\x03\x04',
  'MZ',
  '\xcf\xfa\xed\xfe',
  '\0\0\0\0\0\0\0\0\0\0\0\0\x61\x15\x06\0',
  'Package: a\nVersion: 1\n',
  'P:a\nV:1\n\n',
  'Metadata-Version: 2.1\nName: a\nVersion: 1\n',
  '7\x7f\x06\x82',
].map((text) => Buffer.from(text, 'latin1'));

function readWith(reader: FileReader<unknown>, head: FileHead, bytes: Uint8Array): unknown {
  if (reader.kind === 'whole')
    return bytes.length <= reader.limit ? reader.read(memoryContent(bytes), head) : undefined;
  const stream = reader.open(head);
  for (let at = 0; at < bytes.length; at += 777) stream.write(bytes.subarray(at, at + 777));
  return stream.end();
}

/** A fact must hold copies of what it keeps: the memory of a file is used again for the next one. */
function expectNoView(analyzer: Analyzer, path: string, bytes: Uint8Array): void {
  const copy = Buffer.from(bytes);
  const head = { path, size: copy.length, mode: 0o755, head: copy.subarray(0, 4096) };
  const reader = analyzer.select(head, defaultSettings);
  const fact = reader && readWith(reader, head, copy);
  const before = structuredClone(fact);
  copy.fill(0x5a);
  expect(structuredClone(fact)).toEqual(before);
}

/** Both phases over one file, with the fact passed through the layer cache's clone. */
function analyze(analyzer: Analyzer, path: string, bytes: Uint8Array): void {
  const head = { path, size: bytes.length, mode: 0o755, head: bytes.subarray(0, 4096) };
  const reader = analyzer.select(head, defaultSettings);
  const fact = reader && readWith(reader, head, bytes);
  const files: MemoryFiles = { [path]: bytes };
  const facts = fact === undefined ? [] : [{ path, layer: 0, fact: structuredClone(fact) }];
  const evidence = analyzer.collect(memoryImage(files), facts, {
    settings: defaultSettings,
    distroFor: () => undefined,
  });
  for (const pkg of evidence.packages ?? []) expect(pkg.foundBy).toBe(analyzer.name);
}

describe('registry', () => {
  it('has every folder exactly once, sorted behind the distro analyzer', () => {
    const [first, ...rest] = analyzers.map(({ name }) => name);
    expect(first).toBe('distro');
    expect(rest).toEqual([...folders].filter((name) => name !== 'distro').sort(compareBytes));
  });
});

for (const analyzer of analyzers) {
  describe(analyzer.name, () => {
    const folder = `${here}${analyzer.name}`;

    it('has a readme, and a specification or fixtures', () => {
      expect(existsSync(`${folder}/readme.md`)).toBe(true);
      expect(readFileSync(`${folder}/readme.md`, 'utf8')).toContain(`# ${analyzer.name}`);
      expect(readdirSync(folder).some((name) => name.endsWith('.spec.ts') || name === 'fixtures')).toBe(true);
    });

    it('declares itself', () => {
      expect(analyzer.version).toBeGreaterThanOrEqual(1);
      expect(['packages', 'evidence']).toContain(analyzer.kind);
    });

    it('selects by the file alone', () => {
      for (const path of PATHS) {
        const head = { path, size: 100, mode: 0o644, head: MAGIC[1] as Uint8Array };
        expect(analyzer.select(head, defaultSettings)?.kind).toBe(analyzer.select({ ...head }, defaultSettings)?.kind);
      }
    });

    it('says nothing about an empty image', () => {
      const evidence = analyzer.collect(memoryImage({}), [], { settings: defaultSettings, distroFor: () => undefined });
      expect(evidence.packages ?? []).toEqual([]);
      expect(evidence.problems ?? []).toEqual([]);
    });

    it('survives any bytes', () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...PATHS),
          fc.constantFrom(...MAGIC),
          fc.uint8Array({ maxLength: 6000, size: 'max' }),
          (path, magic, noise) => {
            analyze(analyzer, path, Buffer.concat([magic, noise]));
            expectNoView(analyzer, path, Buffer.concat([magic, noise]));
          },
        ),
        { numRuns: 150 },
      );
    });
  });
}
