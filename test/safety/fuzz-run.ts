import fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import type { Client } from '../api/client.ts';
import type { ApiDocument, DocumentedOperation } from './document.ts';
import { type FuzzRequest, requestsFor, type Words } from './requests.ts';

/** What a run of made-up requests is given. */
export interface FuzzOptions {
  client: Client;
  document: ApiDocument;
  operations: readonly DocumentedOperation[];
  words: Words;
  seed: number;
  /** Requests per operation, at most. */
  rounds: number;
  /** No further round is begun after this time. */
  seconds: number;
  /** What is wrong with an answer, besides what is wrong for all. */
  inspect?(request: FuzzRequest, response: LightMyRequestResponse): string | undefined;
}

/** What came of it. */
export interface FuzzOutcome {
  requests: number;
  rounds: number;
  /** Number of answers by status. */
  statuses: Map<number, number>;
  /** Operations that answered with success at least once. */
  succeeded: Set<string>;
  /** One text per wrong answer, with what reproduces it. */
  wrong: string[];
}

const ANSWER_MS = 15_000;
const MOST_WRONG = 200;
/** Names kept for a path. */
const MOST_NAMES = 10;
/** Fields by which a thing is asked for; `id` and its like alone. */
const NAMING = /^(id|uuid|name|digest|\w+_(id|uuid|digest|key))$/;

/**
 * Sends rounds of made-up requests, one per operation and round, the same for the same seed. An answer is wrong that
 * comes late, blames the server, or is an error of no known shape. Bodies of success are checked by the server itself.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzOutcome> {
  const { client, document, operations, words, seed, rounds, seconds } = options;
  const deadline = Date.now() + seconds * 1000;
  const outcome: FuzzOutcome = { requests: 0, rounds: 0, statuses: new Map(), succeeded: new Set(), wrong: [] };
  const found = foundNames();
  for (; outcome.rounds < rounds && Date.now() < deadline; outcome.rounds += 1) {
    for (const [index, operation] of operations.entries()) {
      // what is deleted can no longer be read
      if (operation.method === 'DELETE' && outcome.rounds < rounds / 2) continue;
      const arbitrary = requestsFor(operation, document, (name, under) => {
        const known = under === undefined ? [] : found.under(under);
        return known.length ? known : words(name);
      });
      const [request] = fc.sample(arbitrary, { seed: seed + index * 1000 + outcome.rounds, numRuns: 1 });
      if (!request) continue;
      const response = await answerWithin(client, request);
      outcome.requests += 1;
      const complaint = response === undefined ? 'no answer in time' : complaintAbout(response, operation.path);
      const wrong = complaint ?? (response && options.inspect?.(request, response));
      if (wrong && outcome.wrong.length < MOST_WRONG) outcome.wrong.push(`${describe(request)}: ${wrong}`);
      if (!response) continue;
      outcome.statuses.set(response.statusCode, (outcome.statuses.get(response.statusCode) ?? 0) + 1);
      if (response.statusCode >= 300) continue;
      outcome.succeeded.add(operation.id);
      found.add(operation.path, response);
    }
  }
  return outcome;
}

/** Names of things that answers told of, by the path that lists or makes them: the next requests ask for them. */
function foundNames() {
  const names = new Map<string, string[]>();
  return {
    under: (path: string): readonly string[] => names.get(path) ?? [],
    add(path: string, response: LightMyRequestResponse): void {
      if (!String(response.headers['content-type']).startsWith('application/json')) return;
      const body = response.json<unknown>();
      const inner = Object.values(body ?? {}).find(Array.isArray) as unknown[] | undefined;
      const rows: unknown[] = Array.isArray(body) ? body : [body, ...(inner ?? [])];
      const texts = rows
        .slice(0, MOST_NAMES)
        .flatMap((row) => (row !== null && typeof row === 'object' ? Object.entries(row) : []))
        .filter(([key, value]) => NAMING.test(key) && typeof value === 'string' && value !== '' && value.length < 200)
        .map(([, value]) => value as string);
      names.set(path, [...new Set([...texts, ...(names.get(path) ?? [])])].slice(0, MOST_NAMES));
    },
  };
}

async function answerWithin(client: Client, request: FuzzRequest): Promise<LightMyRequestResponse | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ANSWER_MS);
  });
  const answer = client.request(request.method, request.url, {
    headers: request.headers,
    ...(request.payload === undefined ? {} : { body: request.payload }),
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** What is wrong with an answer, whatever was asked. */
export function complaintAbout(response: LightMyRequestResponse, path: string): string | undefined {
  const { statusCode, body } = response;
  if (statusCode >= 500 && statusCode !== 501) return `${statusCode} ${body.slice(0, 300)}`;
  if (statusCode < 400) return undefined;
  const type = String(response.headers['content-type']);
  if (statusCode === 401) return `lost its credentials: ${body.slice(0, 100)}`;
  if (type.startsWith('application/problem+json')) {
    const problem = response.json<Record<string, unknown>>();
    const fits =
      problem.status === statusCode && typeof problem.title === 'string' && typeof problem.detail === 'string';
    return fits ? undefined : `${statusCode} with a problem of another shape: ${body.slice(0, 200)}`;
  }
  if (!type.startsWith('application/json')) return `${statusCode} of type ${type}`;
  const error = response.json<Record<string, unknown>>();
  // the third shape, which the specification of GraphQL sets
  if (path.endsWith('/graphql') && Array.isArray(error.errors)) return undefined;
  const fits = error.httpcode === statusCode && typeof error.message === 'string' && typeof error.detail === 'object';
  return fits ? undefined : `${statusCode} of another shape: ${body.slice(0, 200)}`;
}

function describe({ operation, method, url, headers, payload }: FuzzRequest): string {
  const account = headers['x-anchore-account'] ? ` as ${headers['x-anchore-account']}` : '';
  return `${operation.id} ${method} ${url.slice(0, 300)}${account} ${payload?.toString('utf8').slice(0, 400) ?? ''}`;
}
