import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TwoTenants } from '../api/two-tenants.ts';
import { type DocumentedOperation, readDocument, type Schema } from './document.ts';
import { complaintAbout } from './fuzz-run.ts';
import { startLoadedTenants } from './loaded-tenants.ts';

const DEEP = 20_000;
const MANY = 10_000;
const SLOWEST_MS = 5_000;

let two: TwoTenants;
let operations: DocumentedOperation[];
let schemas: Record<string, Schema>;

beforeAll(async () => {
  two = await startLoadedTenants();
  const document = await readDocument(two.app.server);
  schemas = document.schemas;
  operations = document.operations.filter(
    ({ id, bodies }) => 'application/json' in bodies && !/credential|session|oauth|log_level/.test(id),
  );
});
afterAll(() => two?.app.close());

/** Every field of a body, with the same text for each. */
function everyField(operation: DocumentedOperation, value: string): string {
  const given = operation.bodies['application/json']!;
  const schema = given.$ref ? schemas[given.$ref.split('/').at(-1)!]! : given;
  if (schema.type === 'array') return `[${value}]`;
  return `{${Object.keys(schema.properties ?? { any: {} })
    .map((name) => `${JSON.stringify(name)}:${value}`)
    .join(',')}}`;
}

type Make = (operation: DocumentedOperation) => string;
const BODIES: [string, Make][] = [
  ['nested very deep', () => `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`],
  ['lists nested very deep', () => '['.repeat(DEEP) + ']'.repeat(DEEP)],
  ['fields nested very deep', (operation) => everyField(operation, '['.repeat(DEEP) + ']'.repeat(DEEP))],
  [
    'a prototype',
    (operation) =>
      `{"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}},${everyField(operation, '"a"').slice(1)}`,
  ],
  ['fields with a prototype', (operation) => everyField(operation, '{"__proto__":{"toString":1},"constructor":null}')],
  ['NUL in every text', (operation) => everyField(operation, '"a\\u0000b"')],
  ['half characters', (operation) => everyField(operation, '"\\ud800"')],
  ['numbers beyond all', (operation) => everyField(operation, '123456789012345678901234567890e300')],
  ['times beyond all', (operation) => everyField(operation, '"+275760-09-13T00:00:00.000Z"')],
  ['very many elements', (operation) => everyField(operation, `[${Array(MANY).fill('"a"').join(',')}]`)],
  ['very long texts', (operation) => everyField(operation, JSON.stringify('x'.repeat(100_000)))],
];

describe('every operation with a body', () => {
  it.each(BODIES)(
    'refuses or bears %s',
    async (_name, make) => {
      const wrong: string[] = [];
      for (const operation of operations) {
        const path = operation.path.replace(/\{account_name\}/g, 'tenant-one').replace(/\{\w+\}/g, 'x');
        for (const client of [two.tenant, two.admin]) {
          const from = performance.now();
          const response = await client.request(operation.method, path, {
            body: make(operation).replace(/^\{"__proto__":(.*),\}$/, '{"__proto__":$1}'),
            headers: { 'content-type': 'application/json' },
          });
          const complaint = complaintAbout(response, path);
          if (complaint) wrong.push(`${operation.id}: ${complaint}`);
          if (performance.now() - from > SLOWEST_MS)
            wrong.push(`${operation.id}: ${Math.round(performance.now() - from)} ms`);
        }
      }
      expect(wrong).toEqual([]);
      expect(({} as { admin?: unknown }).admin).toBeUndefined();
    },
    240_000,
  );
});
