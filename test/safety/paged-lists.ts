import type { Client } from '../api/client.ts';
import type { DocumentedOperation } from './document.ts';
import type { ListCall } from './list-calls.ts';

/** How the pages of a list are asked for. */
export interface PagedList extends ListCall {
  /** Who reads it. */
  client: Client;
  /** Parameter that says which page: a number, or what the page before answered with. */
  by: string;
  /** Parameter that says how many rows; absent when the server decides. */
  size?: string;
  kind: 'number' | 'token';
}

export interface PageRead {
  rows: string[];
  /** Value of `by` for the next page; undefined when there is none. */
  next?: string | undefined;
}

/** Names under which a document asks for the number of a page, its size, or what follows a token. */
const NUMBERS = ['page'];
const SIZES = ['limit', 'page_size'];
const TOKENS = /(^|_)(token|cursor)$|^before_id$|^after_id$/;
/** Fields that change while a row stays the same. */
const VOLATILE = /^(last_|updated|total|rank|count|.*_count$|age)|_(updated|seen|at|time)$|^analyz|^images$|^details$/;

/** How an operation gives its list in pages; undefined for one that does not. */
export function pagingOf({ parameters }: DocumentedOperation): Pick<PagedList, 'by' | 'size' | 'kind'> | undefined {
  const names = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const size = names.find((name) => SIZES.includes(name));
  const token = names.find((name) => TOKENS.test(name));
  const number = names.find((name) => NUMBERS.includes(name));
  const by = token ?? number;
  if (by === undefined) return undefined;
  return { by, kind: token ? 'token' : 'number', ...(size ? { size } : {}) };
}

/** Rows of one page as texts that name them, and what leads to the next. */
export async function readPage(list: PagedList, page: string | undefined, size: number, more = ''): Promise<PageRead> {
  const { statusCode, body, json } = await list.client.get(pageUrl(list, page, size, more));
  if (statusCode !== 200) throw new Error(`${list.operation.id}: ${statusCode} ${body.slice(0, 300)}`);
  const answer = json<unknown>();
  const rows = rowsOf(answer).map(nameOf);
  if (list.kind === 'number') return { rows, next: rows.length < size ? undefined : String(Number(page ?? '1') + 1) };
  const token = (answer as Record<string, unknown>)[`next_${list.by.replace(/^next_/, '')}`];
  return { rows, next: token === null || token === undefined ? undefined : String(token) };
}

/** The address of a page. */
export function pageUrl(list: PagedList, page: string | undefined, size: number, more = ''): string {
  const [path = '', query] = list.path.split('?');
  const search = new URLSearchParams(`${query ?? ''}&${more}`);
  if (list.size) search.set(list.size, String(size));
  if (page !== undefined) search.set(list.by, page);
  return `${path}?${search}`;
}

/** All pages from the first; `between` is called before each further page. */
export async function readAll(
  list: PagedList,
  size: number,
  options: { more?: string; between?(read: number): Promise<void> } = {},
): Promise<string[]> {
  const rows: string[] = [];
  let page = list.kind === 'number' ? '1' : undefined;
  for (let reads = 0; reads < 500; reads += 1) {
    const read = await readPage(list, page, size, options.more);
    rows.push(...read.rows);
    if (read.next === undefined) return rows;
    page = read.next;
    await options.between?.(reads);
  }
  throw new Error(`${list.operation.id} has no last page`);
}

function rowsOf(answer: unknown): unknown[] {
  if (Array.isArray(answer)) return answer;
  const lists = Object.values(answer as object).filter(Array.isArray) as unknown[][];
  return lists[0] ?? [];
}

/** A row by its own texts and numbers, without what changes. */
function nameOf(row: unknown): string {
  if (row === null || typeof row !== 'object') return JSON.stringify(row);
  const own = Object.entries(row).filter(([key, value]) => typeof value !== 'object' && !VOLATILE.test(key));
  return JSON.stringify(Object.fromEntries(own.length ? own : Object.entries(row)));
}
