import { asBuffer, memorySource } from '../../formats/byte-source.ts';
import { openElf } from '../../formats/elf/index.ts';
import { findSection } from '../../formats/executable.ts';
import { unpack } from '../../formats/unpack.ts';
import type { FileContent } from '../../image/types.ts';

/** What a kernel module says of itself. */
export interface KernelModule {
  kind: 'module';
  name: string;
  /** Its own version; most modules of the kernel's tree have none. */
  version?: string;
  sourceVersion?: string;
  description?: string;
  author?: string;
  licenses: string[];
  /** Names of modules that must be loaded before. */
  depends: string[];
  /** The kernel it was built for, and with which options: `6.1.0-9-amd64 SMP preempt mod_unload`. */
  versionMagic?: string;
  parameters: Record<string, { type?: string; description?: string }>;
}

/** A module whose file could not be read. */
export interface UnreadableModule {
  kind: 'unreadable';
  reason: string;
}

const LARGEST_UNPACKED = 128 << 20;
const LARGEST_INFO = 1 << 20;
const LONGEST_TEXT = 500;
const MOST_PARAMETERS = 200;
const MOST_DEPENDENCIES = 500;

/**
 * Reads the section `.modinfo` of a kernel module, packed (gzip, xz, zstd) or not. Undefined when the file is no object
 * with such a section; a file that cannot be unpacked is told as unreadable.
 */
export function readModule(content: FileContent, fallbackName: string): KernelModule | UnreadableModule | undefined {
  let source = content as Parameters<typeof openElf>[0];
  if (!/\.ko$/.test(fallbackName)) {
    try {
      source = memorySource(unpack(content.bytes(), LARGEST_UNPACKED));
    } catch (error) {
      return { kind: 'unreadable', reason: error instanceof Error ? error.message.slice(0, 200) : 'damaged' };
    }
  }
  const elf = openElf(source, { objects: true });
  const section = elf && findSection(elf, '.modinfo');
  if (!section) return undefined;
  const bytes = source.read(section.offset, Math.min(section.size, LARGEST_INFO));
  return readModuleInfo(bytes, fallbackName.replace(/\.ko(?:\.\w+)?$/, ''));
}

/** Reads the list of `key=value` texts, each ended by a zero byte, that `modinfo` shows. */
export function readModuleInfo(bytes: Uint8Array, fallbackName: string): KernelModule {
  const info: KernelModule = { kind: 'module', name: fallbackName, licenses: [], depends: [], parameters: {} };
  const parameters = new Map<string, { type?: string; description?: string }>();
  for (const entry of asBuffer(bytes).toString('utf8').split('\0')) {
    const equals = entry.indexOf('=');
    if (equals <= 0) continue;
    const value = entry
      .slice(equals + 1)
      .trim()
      .slice(0, LONGEST_TEXT);
    if (value !== '') take(info, parameters, entry.slice(0, equals), value);
  }
  info.parameters = Object.fromEntries(parameters);
  return info;
}

function take(
  info: KernelModule,
  parameters: Map<string, { type?: string; description?: string }>,
  key: string,
  value: string,
): void {
  switch (key) {
    case 'name':
      info.name = value;
      break;
    case 'version':
      info.version ??= value;
      break;
    case 'srcversion':
      info.sourceVersion ??= value;
      break;
    case 'description':
      info.description ??= value;
      break;
    case 'author':
      info.author ??= value;
      break;
    case 'license':
      if (info.licenses.length < 20) info.licenses.push(value);
      break;
    case 'vermagic':
      info.versionMagic ??= value;
      break;
    case 'depends':
      info.depends = value
        .split(',')
        .filter((name) => name !== '')
        .slice(0, MOST_DEPENDENCIES);
      break;
    case 'parm':
    case 'parmtype': {
      const colon = value.indexOf(':');
      if (colon <= 0 || (parameters.size >= MOST_PARAMETERS && !parameters.has(value.slice(0, colon)))) break;
      const known = parameters.get(value.slice(0, colon)) ?? {};
      const text = value.slice(colon + 1);
      parameters.set(
        value.slice(0, colon),
        key === 'parm' ? { ...known, description: text } : { ...known, type: text },
      );
    }
  }
}
