import { decodeText, type Headers, readHeaders } from './headers.ts';

/** What is kept of METADATA or PKG-INFO (PyPA "Core metadata specifications"). */
export interface PythonMetadata {
  kind: 'metadata';
  name?: string;
  version?: string;
  licenses: string[];
  author?: string;
  authorEmail?: string;
  homePage?: string;
  platform?: string;
  summary?: string;
  requiresPython?: string;
  /** `Requires-Dist` as written, with extras and markers. */
  requiresDist: string[];
  providesExtra: string[];
}

const LONGEST_HEADER_BLOCK = 4 << 20;
const LONGEST_FIELD = 1024;
const MOST_REQUIREMENTS = 2000;

function first(headers: Headers, name: string): string | undefined {
  const value = headers.get(name)?.find((text) => text !== '' && text.toUpperCase() !== 'UNKNOWN');
  return value?.slice(0, LONGEST_FIELD);
}

/** Repository or home page: `Home-page`, else the first `Project-URL` that is a source or home page. */
function homePage(headers: Headers): string | undefined {
  const direct = first(headers, 'home-page');
  if (direct !== undefined) return direct;
  const urls = headers.get('project-url') ?? [];
  const chosen =
    urls.find((url) => /^(source|source code|repository|homepage|home|code|github)\s*,/i.test(url)) ?? urls[0];
  const address = chosen?.slice(chosen.indexOf(',') + 1).trim();
  return address === '' ? undefined : address?.slice(0, LONGEST_FIELD);
}

/**
 * Declared licences: `License-Expression` (PEP 639) alone when present; else the `License` field when it is a name and
 * not the whole text of a licence; else the last parts of `License ::` classifiers.
 */
function licenses(headers: Headers): string[] {
  const expression = first(headers, 'license-expression');
  if (expression !== undefined) return [expression];
  const field = first(headers, 'license');
  const classified = (headers.get('classifier') ?? [])
    .filter((text) => /^License\s*::/.test(text))
    .map((text) => text.split('::').at(-1)?.trim() ?? '')
    .filter((text) => text !== '' && text !== 'OSI Approved');
  if (field !== undefined && !field.includes('\n') && field.length <= 200) return [field];
  if (classified.length > 0) return classified;
  return field === undefined ? [] : [field];
}

/** Reads METADATA or PKG-INFO. Never fails: what is missing stays undefined. */
export function readMetadata(bytes: Uint8Array): PythonMetadata {
  const headers = readHeaders(decodeText(bytes.subarray(0, LONGEST_HEADER_BLOCK)));
  const metadata: PythonMetadata = {
    kind: 'metadata',
    licenses: licenses(headers),
    requiresDist: (headers.get('requires-dist') ?? [])
      .slice(0, MOST_REQUIREMENTS)
      .map((text) => text.slice(0, LONGEST_FIELD)),
    providesExtra: (headers.get('provides-extra') ?? []).slice(0, MOST_REQUIREMENTS).map((text) => text.slice(0, 200)),
  };
  const fields = {
    name: first(headers, 'name'),
    version: first(headers, 'version'),
    author: first(headers, 'author') ?? first(headers, 'maintainer'),
    authorEmail: first(headers, 'author-email') ?? first(headers, 'maintainer-email'),
    homePage: homePage(headers),
    platform: first(headers, 'platform'),
    summary: first(headers, 'summary'),
    requiresPython: first(headers, 'requires-python'),
  };
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) metadata[key as keyof typeof fields] = value;
  }
  return metadata;
}

/**
 * Name and version told by a directory or file name: `name-1.2.dist-info`, `name-1.2-py3.11.egg-info`,
 * `name-1.2-py3-linux.egg`. Undefined without a version.
 */
export function nameFromDirectory(directory: string): { name: string; version: string } | undefined {
  const stem = directory.replace(/\.(dist-info|egg-info|egg)$/i, '');
  const match = /^([A-Za-z0-9][\w.]*?(?:-[A-Za-z][\w.]*)*)-(v?\d[\w.!+]*)(?:-py\d[\w.-]*)?$/.exec(stem);
  const [, name, version] = match ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}
