import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { temporaryFolder } from './processes.ts';
import { startWindlass, type Windlass } from './windlass.ts';

const folder = temporaryFolder('odd');
let server: Windlass;

beforeAll(async () => {
  server = await startWindlass({ WINDLASS_DATA_DIR: `${folder.path}/data`, WINDLASS_FEED_URL: `${folder.path}/none` });
});
afterAll(async () => {
  await server?.kill('SIGTERM');
  folder.remove();
});

/** Those that would end the session of the test itself are left out. */
const all: Operation[] = (Object.values(operations) as Operation[]).filter(
  (operation) => !/credential|password|oauth|session|logout/i.test(operation.id),
);

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const ODD = [
  '\u0000',
  'a\u0000b',
  '',
  ' ',
  '..',
  '../..',
  '%',
  '%00',
  '\ud800',
  '\uffff',
  '😀',
  "'",
  '"',
  '\\',
  ';--',
  '$1',
  '{}',
  '[]',
  'null',
  'true',
  '-1',
  '0',
  '1',
  '1.5',
  'NaN',
  '2147483648',
  '9223372036854775808',
  '1e309',
  '999999999999999',
  'x'.repeat(300),
  '0000-00-00',
  '9999-12-31T23:59:59Z',
  '-271821-04-20',
  '2026-01-01T00:00:00+99:99',
  'admin',
  'all',
  'os',
  '*',
  '**',
  '(a+)+$',
  'latest',
  'library/alpine:latest',
  '00000000-0000-0000-0000-000000000000',
  DIGEST,
  DIGEST.toUpperCase(),
];
const word = fc.oneof(fc.constantFrom(...ODD), fc.string({ unit: 'binary', maxLength: 20 }));
const json: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, 0, -1, 1e308, 2 ** 53, [], {}, '', true),
  word,
  fc.array(word, { maxLength: 3 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Names of the fields of a body, as deep as a request needs to get beyond the first check. */
function bodyOf(schema: unknown): fc.Arbitrary<unknown> {
  const def = (
    schema as {
      def?: {
        type: string;
        shape?: Record<string, unknown>;
        innerType?: unknown;
        element?: unknown;
        entries?: Record<string, string>;
        options?: unknown[];
      };
    }
  )?.def;
  switch (def?.type) {
    case 'object': {
      const fields = Object.fromEntries(Object.entries(def.shape ?? {}).map(([name, field]) => [name, bodyOf(field)]));
      return fc.oneof(
        { weight: 6, arbitrary: fc.record(fields) },
        { weight: 2, arbitrary: fc.record(fields, { requiredKeys: [] }) },
        { weight: 1, arbitrary: json },
      );
    }
    case 'optional':
    case 'nullable':
    case 'default':
      return bodyOf(def.innerType);
    case 'array':
      return fc.oneof(
        { weight: 4, arbitrary: fc.array(bodyOf(def.element), { maxLength: 3 }) },
        { weight: 1, arbitrary: json },
      );
    case 'enum':
      return fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...Object.values(def.entries ?? { odd: 'odd' })) },
        { weight: 1, arbitrary: json },
      );
    case 'union':
      return fc.oneof(...(def.options ?? []).map(bodyOf));
    case 'boolean':
      return fc.oneof({ weight: 6, arbitrary: fc.boolean() }, { weight: 1, arbitrary: json });
    case 'number':
      return fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(0, 1, -1, 2 ** 31, 2 ** 53, 1e308, 0.5) },
        { weight: 1, arbitrary: json },
      );
    case 'string':
      return fc.oneof({ weight: 6, arbitrary: word }, { weight: 1, arbitrary: json });
    default:
      return json;
  }
}

function requestOf(operation: Operation): fc.Arbitrary<{ path: string; json?: unknown }> {
  const names = [...operation.path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!);
  const shape = (operation.query as { shape?: Record<string, unknown> } | undefined)?.shape ?? {};
  const params = fc.record(
    Object.fromEntries(names.map((name) => [name, /digest/.test(name) ? fc.oneof(fc.constant(DIGEST), word) : word])),
  );
  const query = fc.record(
    Object.fromEntries(Object.keys(shape).map((name) => [name, fc.array(word, { maxLength: 2 })])),
    { requiredKeys: [] },
  );
  const body = operation.body ? bodyOf(operation.body) : fc.constant(undefined);
  return fc.record({ params, query, body }).map((made) => {
    const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
      encode((made.params as Record<string, string>)[name] ?? ''),
    );
    const pairs = Object.entries(made.query as Record<string, string[]>).flatMap(([name, values]) =>
      values.map((value) => `${name}=${encode(value)}`),
    );
    return {
      path: `/v2${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`,
      ...(made.body === undefined ? {} : { json: made.body }),
    };
  });
}

/** Percent-encodes; dots too, which clients would resolve, and lone surrogates as the replacement character. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('.', '%2E');
}

describe('a request of any shape gets an answer of its own fault, never of ours', () => {
  it.each(all.map((operation) => [operation.id, operation] as const))('%s', async (_id, operation) => {
    await fc.assert(
      fc.asyncProperty(requestOf(operation), async ({ path, json: body }) => {
        const answer = await server.call(operation.method, path, body === undefined ? {} : { json: body });
        // Nothing can be said of an SBOM before the first vulnerability data came; that is no fault.
        const early = answer.status === 503 && operation.id === 'vulnerability_scan_sbom';
        if (answer.status >= 500 && answer.status !== 501 && !early)
          throw new Error(`${operation.method} ${path} ${JSON.stringify(body)}: ${answer.status} ${answer.text}`);
      }),
      { numRuns: Number(process.env.TEST_ODD_REQUESTS ?? 15), seed: 20_260_101, interruptAfterTimeLimit: 10_000 },
    );
  });
});

describe('well-known attacks', () => {
  const cases: [string, string, string][] = [
    ['NUL in a path', 'GET', '/v2/accounts/a%00b'],
    ['NUL in a query', 'GET', '/v2/images?full_tag=a%00b'],
    ['a broken escape', 'GET', '/v2/accounts/%zz'],
    ['bytes that are no UTF-8', 'GET', '/v2/accounts/%ff%fe'],
    ['a very long path', 'GET', `/v2/accounts/${'x'.repeat(9_000)}`],
    ['a huge page', 'GET', '/v2/events?page=999999999999999&limit=999999999999999'],
    ['a huge page of tags', 'GET', '/v2/summaries/image-tags?page=999999999999999&limit=999999999999999'],
    ['a negative page', 'GET', '/v2/events?page=-1&limit=-5'],
  ];
  it.each(cases)('%s', async (_name, method, path) => {
    const { status } = await server.call(method, path);
    expect([200, 400, 404, 414]).toContain(status);
  });
});
