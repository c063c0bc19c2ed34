/** What the record of an installed conda package says. */
export interface CondaRecord {
  name: string;
  version: string;
  build: string;
  channel: string;
  subdir: string;
  license?: string;
  /** Conditions, `python >=3.10,<3.11.0a0`. */
  depends: string[];
  /** Paths below the environment, with digests where the record has them. */
  files: { path: string; sha256?: string }[];
  /** `conda` or `tar.bz2`. */
  archive?: string;
  md5?: string;
  sha256?: string;
  url?: string;
  size?: number;
}

const MOST_FILES = 200_000;

/** Reads a record. Throws SyntaxError when it is no JSON; undefined when it names no package. */
export function readCondaRecord(bytes: Uint8Array): CondaRecord | undefined {
  const document: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (typeof document !== 'object' || document === null) return undefined;
  const fields = document as Record<string, unknown>;
  const text = (key: string): string | undefined => {
    const value = fields[key];
    return typeof value === 'string' && value !== '' ? value.slice(0, 2048) : undefined;
  };
  const name = text('name');
  const version = text('version');
  if (name === undefined || version === undefined) return undefined;
  const record: CondaRecord = {
    name,
    version,
    build: text('build') ?? '',
    channel: text('channel') ?? '',
    subdir: text('subdir') ?? '',
    depends: texts(fields.depends).slice(0, 2000),
    files: ownedFiles(fields),
  };
  for (const key of ['license', 'md5', 'sha256', 'url'] as const) {
    const value = text(key);
    if (value !== undefined) record[key] = value;
  }
  const archive = /\.(conda|tar\.bz2)$/.exec(text('fn') ?? record.url ?? '')?.[1];
  if (archive !== undefined) record.archive = archive;
  if (typeof fields.size === 'number' && fields.size >= 0) record.size = fields.size;
  return record;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** `paths_data` has digests; older records have only `files`. */
function ownedFiles(fields: Record<string, unknown>): CondaRecord['files'] {
  const { paths } = (fields.paths_data ?? {}) as { paths?: unknown };
  if (!Array.isArray(paths))
    return texts(fields.files)
      .slice(0, MOST_FILES)
      .map((path) => ({ path }));
  return paths.slice(0, MOST_FILES).flatMap((row: unknown) => {
    const { _path, sha256_in_prefix, sha256 } = (row ?? {}) as Record<string, unknown>;
    if (typeof _path !== 'string') return [];
    // Files with a placeholder are rewritten when they are installed: the digest in the prefix is the one on disk.
    const digest = sha256_in_prefix ?? sha256;
    return [{ path: _path, ...(typeof digest === 'string' ? { sha256: digest } : {}) }];
  });
}
