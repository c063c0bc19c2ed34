import { RegistryError } from '../errors.ts';
import { parseObject } from '../manifest.ts';
import { answerError } from './answer-error.ts';
import { readBody } from './body.ts';
import { type RegistryTransport, single, type TransportRequest } from './transport.ts';

const MAX_PAGE = 32 * 1024 * 1024;
const MAX_PAGES = 10_000;

/** A list that was read. */
export interface PagedList {
  names: string[];
  pages: number;
  /** Of the first page, when it is the only one. */
  etag?: string;
}

/**
 * Reads a list over all its pages, in order and without repetitions. `key` is the member that holds it. Undefined when
 * the request is conditional and the list did not change.
 */
export async function listPages(
  transport: RegistryTransport,
  request: TransportRequest,
  key: 'tags' | 'repositories',
  host: string,
): Promise<PagedList | undefined> {
  const found = new Set<string>();
  const visited = new Set<string>();
  const conditional = request.headers?.['if-none-match'] !== undefined;
  let etag: string | undefined;
  for (let path: string | undefined = request.path; path !== undefined; ) {
    if (visited.has(path) || visited.size === MAX_PAGES)
      throw new RegistryError('invalid', `${host} lists its ${key} without end.`);
    visited.add(path);
    const { headers: _, ...further } = request;
    const response = await transport.send({ ...(visited.size === 1 ? request : further), path });
    const bytes = await readBody(response.body, MAX_PAGE, 'The list').finally(response.release);
    if (response.status === 304 && conditional && visited.size === 1) return undefined;
    if (response.status !== 200) throw answerError(host, `the list of ${key}`, response.status, bytes);
    const list = parseObject(bytes, 'list')[key];
    if (Array.isArray(list)) for (const name of list) if (typeof name === 'string') found.add(name);
    path = nextPage(single(response.headers.link), path);
    etag = visited.size === 1 && path === undefined ? single(response.headers.etag) : undefined;
  }
  return { names: [...found], pages: visited.size, ...(etag ? { etag } : {}) };
}

/**
 * Path and query of the next page (RFC 8288 `Link` with `rel=next`): relative to the page, absolute, or with a host that
 * only the registry's own proxy knows. Only the path is taken, so that it cannot lead elsewhere.
 */
export function nextPage(header: string | undefined, current: string): string | undefined {
  for (const [, target, attributes] of header?.matchAll(/<([^>]*)>([^<]*)/g) ?? []) {
    if (!/;\s*rel\s*=\s*"?next"?/i.test(attributes ?? '')) continue;
    const base = `http://registry.invalid${current}`;
    if (!URL.canParse(target!, base)) return undefined;
    const url = new URL(target!, base);
    return url.pathname.startsWith('/v2/') ? url.pathname + url.search : undefined;
  }
  return undefined;
}
