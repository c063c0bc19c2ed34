import fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import type { Client } from '../api/client.ts';
import type { ApiDocument, DocumentedOperation } from './document.ts';
import { EXAMPLES, type Example, type Scene } from './examples/index.ts';
import { type FuzzRequest, plainRequest, requestsFor, type Words } from './requests.ts';

/** What a run of made-up requests is given. */
export interface FuzzOptions {
  scene: Scene;
  document: ApiDocument;
  operations: readonly DocumentedOperation[];
  /** Words for a name where nothing is known from answers. */
  words(name: string): readonly string[];
  seed: number;
  /** No further round of odd requests is begun after this time. */
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
  /** What the plain requests were refused with, by operation. */
  refusals: Map<string, string>;
  /** One text per wrong answer, with what reproduces it. */
  wrong: string[];
}

const ANSWER_MS = 15_000;
const MOST_WRONG = 200;

/**
 * Sends to each operation a request that it is meant for, then rounds of odd ones until the time is over, then the same
 * to the operations that delete. The same seed makes the same requests as long as the answers are the same. An answer
 * is wrong that comes late, blames the server, has a status of success that is not documented, or is an error of no
 * known shape. Bodies of success are checked by the server itself.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzOutcome> {
  const { scene, document, operations, seed, seconds } = options;
  const { client, things } = scene;
  const outcome: FuzzOutcome = {
    requests: 0,
    rounds: 0,
    statuses: new Map(),
    succeeded: new Set(),
    refusals: new Map(),
    wrong: [],
  };
  const words: Words = (name, under) => {
    if (name === 'image_digest') return [scene.image.digest, scene.base.digest, ...options.words(name)];
    const known = under === undefined ? things.called(name) : things.following(under, name);
    return [...known, ...options.words(name)];
  };
  const calm: DocumentedOperation[] = operations.filter(({ method }) => method !== 'DELETE');
  const deleting = operations.filter(({ method }) => method === 'DELETE');

  await eachOnce(calm);
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) await oddRound(calm, deadline);
  await eachOnce(deleting);
  await oddRound(deleting);
  return outcome;

  async function eachOnce(chosen: readonly DocumentedOperation[]): Promise<void> {
    for (const operation of inOrder(chosen)) {
      const request = plainRequest(operation, document, words, await exampleOf(operation), seed);
      const response = await send(request);
      if (response && response.statusCode >= 400)
        outcome.refusals.set(operation.id, `${response.statusCode} ${request.url} ${response.body.slice(0, 200)}`);
    }
  }

  async function oddRound(chosen: readonly DocumentedOperation[], end = Number.POSITIVE_INFINITY): Promise<void> {
    outcome.rounds += 1;
    for (const [index, operation] of chosen.entries()) {
      if (Date.now() > end) return;
      // making an example sends requests of its own: every fourth time is often enough
      const example = (index + outcome.rounds) % 4 === 0 ? await exampleOf(operation) : undefined;
      const arbitrary = requestsFor(operation, document, words, example);
      const [request] = fc.sample(arbitrary, { seed: seed + index * 1000 + outcome.rounds, numRuns: 1 });
      if (request) await send(request);
    }
  }

  async function exampleOf({ id }: DocumentedOperation): Promise<Example> {
    try {
      return (await EXAMPLES[id]?.(scene)) ?? {};
    } catch {
      // what it needs was refused to this caller
      return {};
    }
  }

  async function send(request: FuzzRequest): Promise<LightMyRequestResponse | undefined> {
    const { operation } = request;
    const response = await answerWithin(client, request);
    outcome.requests += 1;
    const complaint = response ? complaintAbout(response, operation.path) : 'no answer in time';
    const wrong = complaint ?? undocumented(response, operation) ?? (response && options.inspect?.(request, response));
    if (wrong && outcome.wrong.length < MOST_WRONG) outcome.wrong.push(`${describe(request)}: ${wrong}`);
    if (!response) return undefined;
    outcome.statuses.set(response.statusCode, (outcome.statuses.get(response.statusCode) ?? 0) + 1);
    if (response.statusCode < 400) {
      outcome.succeeded.add(operation.id);
      things.learn(request.method, request.url.split('?', 1)[0]!, response);
    }
    return response;
  }
}

/** Those with an example first, in the order of the examples: the others then find what they ask for. */
function inOrder(operations: readonly DocumentedOperation[]): DocumentedOperation[] {
  const order = new Map(Object.keys(EXAMPLES).map((id, at) => [id, at]));
  return operations.toSorted((a, b) => (order.get(a.id) ?? order.size) - (order.get(b.id) ?? order.size));
}

function undocumented(
  response: LightMyRequestResponse | undefined,
  { successes }: DocumentedOperation,
): string | undefined {
  if (!response || response.statusCode >= 400 || successes.includes(response.statusCode)) return undefined;
  return `${response.statusCode} is not documented`;
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
