import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MemoryFiles, memoryContent, runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { buildElf } from '../../formats/elf/elf-builder.fixture.ts';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { distroAnalyzer } from '../distro/index.ts';
import { dpkgAnalyzer } from '../dpkg/index.ts';
import { elfNoteAnalyzer } from './index.ts';
import { parseNote, readPackageNote } from './note.ts';

function note(description: Uint8Array | string, { little = true, type = 0xcafe1a7e, owner = 'FDO\0' } = {}): Buffer {
  const body = Buffer.from(description);
  const head = Buffer.alloc(12);
  for (const [i, value] of [owner.length, body.length, type].entries())
    if (little) head.writeUInt32LE(value, i * 4);
    else head.writeUInt32BE(value, i * 4);
  return Buffer.concat([head, Buffer.from(owner, 'latin1'), body, Buffer.alloc(-body.length & 3)]);
}

function program(
  fields: object | string,
  section = '.note.package',
  options: Parameters<typeof buildElf>[1] = {},
): Buffer {
  const json = typeof fields === 'string' ? fields : JSON.stringify(fields);
  return buildElf([{ name: section, content: note(`${json}\0`, { little: options.little ?? true }) }], options);
}

const BASH = {
  type: 'rpm',
  name: 'bash',
  version: '5.2.26-1.fc40',
  architecture: 'x86_64',
  osCpe: 'cpe:/o:fedoraproject:fedora:40',
};
const DEB = { type: 'deb', os: 'debian', name: 'acl', version: '2.3.1-3', architecture: 'amd64' };
const STATUS = 'Package: libacl1\nStatus: install ok installed\nVersion: 2.3.1-3\nArchitecture: amd64\nSource: acl\n';

function found(files: MemoryFiles) {
  const all = runAnalyzers([distroAnalyzer, dpkgAnalyzer, elfNoteAnalyzer], files);
  return { ...all, notes: all.packages.filter(({ foundBy }) => foundBy === 'elf-note') };
}

describe('elf-note', () => {
  it('reports the package of a program, of the distribution that built it', () => {
    const { notes } = found({ '/etc/os-release': 'ID=debian\nVERSION_ID=12\n', '/opt/bash': program(BASH) });
    expect(rows(notes)).toEqual(['bash@5.2.26-1.fc40 /opt/bash']);
    expect(notes[0]).toMatchObject({
      type: 'rpm',
      arch: 'x86_64',
      purl: 'pkg:rpm/fedora/bash@5.2.26-1.fc40?arch=x86_64&distro=fedora-40',
      distro: { id: 'fedora', versionId: '40' },
      metadataType: 'elf-binary-package-note-json-payload',
      metadata: { type: 'rpm', osCpe: BASH.osCpe },
    });
  });

  it('reports all files of one package once', () => {
    const { notes } = found({
      '/usr/lib/b.so': program(BASH),
      '/usr/bin/a': program(BASH),
      '/usr/bin/z': program(DEB),
    });
    expect(
      notes.map(({ name, locations }) => [name, locations.map(({ path, evidence }) => `${path} ${evidence}`)]),
    ).toEqual([
      ['acl', ['/usr/bin/z primary']],
      ['bash', ['/usr/bin/a primary', '/usr/lib/b.so supporting']],
    ]);
  });

  it.each<[string, MemoryFiles, number]>([
    ['owned by a package of the database', { '/var/lib/dpkg/info/libacl1.list': '/usr/lib/x.so\n' }, 0],
    ['of a source whose package the database lists', {}, 0],
    ['of another version', { '/usr/lib/y.so': program({ ...DEB, version: '9' }) }, 1],
  ])('leaves out what is %s', (_, files, expected) => {
    const name = expected === 0 && Object.keys(files).length > 0 ? 'other' : DEB.name;
    const { notes } = found({
      '/var/lib/dpkg/status': STATUS,
      '/usr/lib/x.so': program({ ...DEB, name }),
      ...files,
    });
    expect(notes).toHaveLength(expected);
  });

  it.each([
    ['big endian, 32 bits', program(BASH, '.note.package', { wide: false, little: false }), 'rpm'],
    [
      'type of no package manager',
      program({ ...BASH, type: 'Vendor', appCpe: 'cpe:2.3:a:x:y:1:*:*:*:*:*:*:*' }),
      'binary',
    ],
    ['no type', program({ name: 'a', version: '1' }), 'binary'],
  ])('reads %s', (_, bytes, type) => {
    expect(analyzeFiles(elfNoteAnalyzer, { '/a': bytes }).packages[0]?.type).toBe(type);
  });

  it.each([
    ['no version', program({ type: 'rpm', name: 'a' })],
    ['a version that is no text', program({ name: 'a', version: 1 })],
    ['no JSON', program('{"name":')],
    ['a list', program('[]')],
    ['another kind of note', buildElf([{ name: '.note.package', content: note(JSON.stringify(BASH), { type: 3 }) }])],
    ['another owner', buildElf([{ name: '.note.package', content: note(JSON.stringify(BASH), { owner: 'GNU\0' }) }])],
    [
      'a size beyond the end',
      buildElf([{ name: '.note.package', content: note(JSON.stringify(BASH)).subarray(0, 60) }]),
    ],
  ])('takes nothing from %s', (_, bytes) => {
    expect(analyzeFiles(elfNoteAnalyzer, { '/a': bytes }).packages).toEqual([]);
  });

  it('finds the note in a segment when there are no sections, and behind other notes', () => {
    const bytes = program(BASH);
    const notes = Buffer.concat([note('x'.repeat(5), { owner: 'GNU\0' }), Buffer.alloc(4), note(JSON.stringify(BASH))]);
    const file = Buffer.concat([bytes.subarray(0, 64 + 56), notes]);
    file.writeBigUInt64LE(0n, 40);
    file.writeUInt16LE(0, 60);
    file.writeUInt32LE(4, 64);
    file.writeBigUInt64LE(120n, 64 + 8);
    file.writeBigUInt64LE(BigInt(notes.length), 64 + 32);
    expect(readPackageNote(memoryContent(file))).toMatchObject({ name: 'bash', version: '5.2.26-1.fc40' });
  });

  it('survives any bytes as note', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (noise, json) => {
        readPackageNote(
          memoryContent(buildElf([{ name: '.note.package', content: Buffer.concat([noise, note(json)]) }])),
        );
        parseNote(json);
      }),
      { numRuns: 100 },
    );
    expect(parseNote(`{"name":"${'n'.repeat(600)}","version":"1"}`)).toBeUndefined();
  });
});
