import type { FileContent, FileHead, FileReader } from '../../image/types.ts';
import { parseOsRelease, type ReleaseFields } from './parse.ts';

/** What one file says about the distribution. */
export type DistroFact =
  | { kind: 'os-release'; fields: ReleaseFields }
  /** First non-empty line of a one-line release file. */
  | { kind: 'line'; text: string }
  /** Version in the banner of a BusyBox binary. */
  | { kind: 'busybox'; version: string }
  /** Sign of a support channel. */
  | { kind: 'channel'; channel: 'eus' | 'esm' };

const SMALL = 64 * 1024;
const BUSYBOX_LIMIT = 16 * 1024 * 1024;

/** File names below `etc/` or `usr/lib/` and how they are read. */
const RELEASE_FILES: ReadonlyMap<string, 'os-release' | 'line'> = new Map(
  Object.entries({
    'os-release': 'os-release',
    'lsb-release': 'os-release',
    'system-release-cpe': 'line',
    'system-release': 'line',
    'redhat-release': 'line',
    'centos-release': 'line',
    'rocky-release': 'line',
    'almalinux-release': 'line',
    'oracle-release': 'line',
    'enterprise-release': 'line',
    'fedora-release': 'line',
    'photon-release': 'line',
    'mariner-release': 'line',
    'azurelinux-release': 'line',
    'SuSE-release': 'line',
    'alpine-release': 'line',
    debian_version: 'line',
  } as const),
);

const BUSYBOX_NAMES: ReadonlySet<string> = new Set(['busybox', '[', 'sh', 'ash', 'busybox.static', 'busybox-extras']);

/** Picks the reader for a file, or undefined when the file says nothing about the distribution. */
export function selectDistroFile(file: FileHead): FileReader<DistroFact> | undefined {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const kind = RELEASE_FILES.get(name);
  if (kind === 'os-release') return osReleaseReader;
  if (kind === 'line') return lineReader;
  if (BUSYBOX_NAMES.has(name) && file.size > 100_000 && isElf(file.head)) return busyboxReader;
  if (file.size > SMALL * 16) return undefined;
  if (name.endsWith('.repo')) return file.path.includes('/yum.repos.d/') ? yumReader : undefined;
  if (name === 'status.json') return file.path.includes('/ubuntu-advantage/') ? proStatusReader : undefined;
  if (name.includes('esm-') && file.path.includes('/apt/sources.list.d/')) return aptReader;
  if (name.endsWith('.json') && /\/(content_manifests|buildinfo)\//.test(file.path)) return contentSetReader;
  // An ostree checkout shows os-release as a hard link to an object with a content-derived name.
  if (name.endsWith('.file') && file.size < 4096 && looksLikeOsRelease(file.head)) return osReleaseReader;
  return undefined;
}

function isElf(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

function looksLikeOsRelease(head: Uint8Array): boolean {
  const text = latin1(head);
  return /^NAME=/m.test(text) && /^ID=/m.test(text);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function whole(limit: number, read: (content: FileContent) => DistroFact | undefined): FileReader<DistroFact> {
  return { kind: 'whole', limit, read };
}

function text(content: FileContent): string {
  return new TextDecoder().decode(content.bytes());
}

const osReleaseReader = whole(SMALL, (content) => ({ kind: 'os-release', fields: parseOsRelease(text(content)) }));

const lineReader = whole(SMALL, (content) => {
  const line = text(content)
    .split(/[\r\n]+/)
    .find((candidate) => candidate.trim() !== '');
  return line === undefined ? undefined : { kind: 'line', text: line.slice(0, 500) };
});

const busyboxReader = whole(BUSYBOX_LIMIT, (content) => {
  const bytes = content.bytes();
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = buffer.indexOf('BusyBox v');
  if (at < 0) return undefined;
  const version = /^BusyBox v(\d[\w.]*)/.exec(buffer.toString('latin1', at, at + 64))?.[1];
  return version === undefined ? undefined : { kind: 'busybox', version };
});

/** An enabled section of a repository file whose id or address names the extended update stream. */
const yumReader = whole(SMALL * 16, (content) => {
  const eus = text(content)
    .split(/^(?=\[)/m)
    .some((section) => /^\[[^\]]*-eus-/.test(section) && /^\s*enabled\s*=\s*(1|true|yes)\s*$/im.test(section));
  return eus ? { kind: 'channel', channel: 'eus' } : undefined;
});

/** Content sets of an image built by Red Hat's build system list the streams it was built from. */
const contentSetReader = whole(SMALL * 16, (content) =>
  /"rhel-\d+[\w-]*-eus-[\w-]*rpms[\w-]*"/.test(text(content)) ? { kind: 'channel', channel: 'eus' } : undefined,
);

const proStatusReader = whole(SMALL * 16, (content) =>
  /"attached"\s*:\s*true/.test(text(content)) ? { kind: 'channel', channel: 'esm' } : undefined,
);

const aptReader = whole(SMALL * 16, (content) => {
  const body = text(content);
  const live = /^\s*(deb|URIs:)\s.*esm\.ubuntu\.com/m.test(body) && !/^Enabled:\s*no/im.test(body);
  return live ? { kind: 'channel', channel: 'esm' } : undefined;
});
