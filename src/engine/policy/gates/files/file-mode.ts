import type { FileRecord } from '../../../model/analysis.ts';

/** File type bits of stat(2) by record type; a hard link is what it names: a regular file. */
const TYPE_BITS: Record<FileRecord['type'], number> = {
  file: 0o100000,
  hardlink: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  'character-device': 0o020000,
  'block-device': 0o060000,
  fifo: 0o010000,
  other: 0,
};

/** Mode with type bits, written like `0o104755`. */
export function modeText(file: FileRecord): string {
  return `0o${(TYPE_BITS[file.type] | (file.mode & 0o7777)).toString(8)}`;
}

/** Permission and set-id bits of octal text such as `0644`, `0o644` or `100644`; undefined when it is not octal. */
export function parseMode(text: string): number | undefined {
  const match = /^(?:0o?)?([0-7]{1,6})$/.exec(text.trim());
  return match ? Number.parseInt(match[1]!, 8) & 0o7777 : undefined;
}
