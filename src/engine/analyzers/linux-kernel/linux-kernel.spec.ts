import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { memorySource } from '../../formats/byte-source.ts';
import { buildElf } from '../../formats/elf/elf-builder.fixture.ts';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { dpkgAnalyzer } from '../dpkg/index.ts';
import { linuxKernelAnalyzer } from './index.ts';
import { readKernel, upstreamRelease } from './kernel.ts';
import { readModuleInfo } from './module.ts';

const RELEASE = '6.1.0-9-amd64';
const BUILD = '#1 SMP PREEMPT_DYNAMIC Debian 6.1.27-1 (2023-05-08)';
const TREE = `/lib/modules/${RELEASE}`;

function bzImage(text: string, wide = true): Buffer {
  const file = Buffer.alloc(8192);
  file.set([0x55, 0xaa], 0x1fe);
  file.write('HdrS', 0x202);
  file.writeUInt16LE(0x20f, 0x206);
  file.writeUInt16LE(0x1000, 0x20e);
  file.writeUInt16LE(wide ? 1 : 0, 0x236);
  file.writeUInt16LE(1, 0x1f2);
  file.write(`${text}\0`, 0x1200);
  return file;
}

function module(entries: string[]): Buffer {
  const file = buildElf([{ name: '.modinfo', content: Buffer.from(`${entries.join('\0')}\0`) }]);
  file.writeUInt16LE(1, 16);
  return file;
}

function image(text: string, magic = 'ARM\x64'): Buffer {
  const file = Buffer.alloc(2 << 20, 0x11);
  file.write(magic, 0x38, 'latin1');
  file.write(`\0${text}\n\0`, 1 << 20);
  return file;
}

const MAGIC = `vermagic=${RELEASE} SMP preempt mod_unload modversions `;
const BANNER = `Linux version ${RELEASE} (a@b) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils) 2.40) ${BUILD}`;

describe('linux-kernel', () => {
  it('reads a kernel and its modules, and which needs which', () => {
    const { packages, relationships } = analyzeFiles(linuxKernelAnalyzer, {
      [`/boot/vmlinuz-${RELEASE}`]: bzImage(`${RELEASE} (a@b) ${BUILD}`),
      [`${TREE}/kernel/a-one.ko`]: module([
        'name=a_one',
        'license=GPL',
        'license=Dual MIT/GPL',
        'depends=b-two',
        MAGIC,
      ]),
      [`${TREE}/kernel/b-two.ko.gz`]: gzipSync(
        module(['version=2.1', 'author=A <a@b>', 'depends=', 'parm=x:Does x', 'parmtype=x:int', MAGIC]),
      ),
      [`${TREE}/kernel/c.ko.zst`]: zstdCompressSync(module(['name=c', MAGIC])),
    });
    expect(rows(packages)).toEqual([
      `linux-kernel@${RELEASE} /boot/vmlinuz-${RELEASE}`,
      `a_one@${RELEASE} ${TREE}/kernel/a-one.ko`,
      `b-two@2.1 ${TREE}/kernel/b-two.ko.gz`,
      `c@${RELEASE} ${TREE}/kernel/c.ko.zst`,
    ]);
    expect(packages[0]).toMatchObject({
      type: 'linux-kernel',
      arch: 'x86_64',
      purl: `pkg:generic/linux-kernel@${RELEASE}`,
      cpes: ['cpe:2.3:o:linux:linux_kernel:6.1.27:*:*:*:*:*:*:*'],
      metadataType: 'linux-kernel-archive',
      metadata: { format: 'bzImage', author: 'a@b', buildTime: '2023-05-08', rwRootFS: false },
    });
    expect(packages[1]).toMatchObject({
      type: 'linux-kernel-module',
      cpes: [],
      metadata: { license: 'GPL, Dual MIT/GPL' },
    });
    expect(packages[2]).toMatchObject({
      origin: 'A <a@b>',
      metadata: { parameters: { x: { type: 'int', description: 'Does x' } } },
    });
    expect(relationships).toHaveLength(4);
  });

  it('leaves a kernel that the distribution installed to its package', () => {
    const { packages } = runAnalyzers([dpkgAnalyzer, linuxKernelAnalyzer], {
      '/boot/vmlinuz': bzImage(`${RELEASE} (a@b) ${BUILD}`),
      '/var/lib/dpkg/status':
        'Package: linux-image\nStatus: install ok installed\nVersion: 6.1.27-1\nArchitecture: amd64\n',
      '/var/lib/dpkg/info/linux-image.list': '/.\n/boot\n/boot/vmlinuz\n',
    });
    expect(packages.map(({ type, ownedBy }) => [type, ownedBy !== undefined])).toEqual([
      ['deb', false],
      ['linux-kernel', true],
    ]);
  });

  it.each([
    ['bzImage of 32 bits', bzImage('5.10.1 (a@b) #2 SMP Thu Jan 1 00:00:00 UTC 2021', false), '5.10.1 bzImage x86'],
    ['image of arm64', image(BANNER), `${RELEASE} Image aarch64`],
    ['image of RISC-V', image(BANNER, 'RSC\x05'), `${RELEASE} Image riscv`],
    ['packed image', gzipSync(image(BANNER)), `${RELEASE} Image aarch64`],
    [
      'vmlinux',
      buildElf([{ name: '.rodata', content: Buffer.from(`%s\0${BANNER}\n\0`) }]),
      `${RELEASE} vmlinux undefined`,
    ],
    [
      'older banner',
      image('Linux version 4.4.0 (a@b) (gcc version 5.4.0 (Ubuntu) ) #1 SMP Mon Jan 1 00:00:00 UTC 2018'),
      '4.4.0 Image aarch64',
    ],
    ['boot sector that is no Linux', bzImage('iPXE 1.0.0+'), undefined],
    ['number without a build', bzImage('6.10 memory test'), undefined],
    ['text of a program', image('Linux version %s (%s)'), undefined],
    ['damaged gzip', Buffer.concat([gzipSync(image(BANNER)).subarray(0, 40), Buffer.alloc(99, 7)]), undefined],
  ])('tells a kernel: %s', (_, bytes, expected) => {
    const found = readKernel(memorySource(bytes));
    expect(found && `${found.version} ${found.format} ${found.architecture}`).toBe(expected);
  });

  it('reads the EFI form that unpacks itself', () => {
    const payload = gzipSync(image(BANNER));
    const head = Buffer.alloc(512);
    head.write('MZ\0\0zimg', 0, 'latin1');
    head.writeUInt32LE(512, 8);
    head.writeUInt32LE(payload.length, 12);
    expect(readKernel(memorySource(Buffer.concat([head, payload])))).toMatchObject({
      version: RELEASE,
      format: 'zboot',
    });
    head.writeUInt32LE(0xffffffff, 8);
    expect(readKernel(memorySource(Buffer.concat([head, payload])))).toBeUndefined();
  });

  it.each([
    ['6.1.0-9-amd64', BUILD, '6.1.27'],
    ['6.12~rc1-amd64', '#1 SMP Debian 6.12~rc1-1~exp1 (2024-10-01)', '6.12'],
    ['6.6.30-0-lts', '#1-Alpine SMP', '6.6.30'],
    ['6.11.0-rc3', '#1', '6.11.0-rc3'],
    ['5.14.0-427.el9.x86_64', '#1 SMP', '5.14.0'],
  ])('knows the release behind %s', (version, build, expected) => {
    expect(upstreamRelease({ version, extendedVersion: `${version} (a@b) ${build}` })).toBe(expected);
  });

  it('bounds what a module says', () => {
    const many = Array.from({ length: 5000 }, (_, i) => `parm=p${i}:${'x'.repeat(900)}`);
    const info = readModuleInfo(Buffer.from(['depends=,a,,b', 'noequals', '=x', 'name=', ...many].join('\0')), 'file');
    expect(info).toMatchObject({ name: 'file', depends: ['a', 'b'] });
    expect(Object.keys(info.parameters)).toHaveLength(200);
    expect(info.parameters.p0?.description).toHaveLength(497);
  });

  it('says once for a tree what could not be unpacked', () => {
    const damaged = Buffer.concat([gzipSync('a').subarray(0, 10), Buffer.alloc(40, 7)]);
    const { packages, problems } = analyzeFiles(linuxKernelAnalyzer, {
      [`${TREE}/a.ko.gz`]: damaged,
      [`${TREE}/kernel/b.ko.xz`]: Buffer.from('\xfd7zXZ\0garbage-garbage', 'latin1'),
      [`${TREE}/kernel/c.ko`]: 'no module',
      '/srv/modules/old/x.ko.xz': '',
    });
    expect(packages).toEqual([]);
    expect(problems.map(({ path, message }) => [path, message.slice(0, 16)])).toEqual([[TREE, '2 kernel modules']]);
  });
});
