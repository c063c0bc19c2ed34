import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareFacts } from '../../scripts/contract/compare-facts.ts';
import { type ContractFacts, contractFacts } from '../../scripts/contract/facts.ts';
import { renderOpenApi } from '../../src/contract/openapi.ts';
import { operationList, operations } from '../../src/contract/operations.ts';

/** Operations that must stay identical with the reference. Raise it with every noun; never lower it. */
const RATCHET = 345;

const document = renderOpenApi(operationList, '0');
const reference = JSON.parse(readFileSync(path.join(import.meta.dirname, 'reference.json'), 'utf8')) as ContractFacts;
const published = path.join(import.meta.dirname, '..', '..', '..', 'shared', 'contract', 'v2.openapi.json');

describe('the contract', () => {
  it('agrees with the reference in every operation it has', () => {
    const result = compareFacts(reference, contractFacts(document));
    expect(result.differing).toEqual([]);
    expect(result.identical).toBeGreaterThanOrEqual(RATCHET);
  });
  it.skipIf(!existsSync(published))('is compared with facts that fit the published document', () => {
    expect(contractFacts(JSON.parse(readFileSync(published, 'utf8')))).toEqual(reference);
  });
  it('names each operation once, by its id', () => {
    expect(Object.entries(operations).filter(([name, operation]) => name !== operation.id)).toEqual([]);
    const routes = operationList.map((one) => `${one.method} ${one.path.replace(/\{[^}]+\}/g, '{}')}`);
    expect(routes.filter((route, index) => routes.indexOf(route) !== index)).toEqual([]);
  });
  it.each(operationList.map((operation) => [operation.id, operation] as const))(
    'declares the parameters of %s',
    (_, operation) => {
      const inPath = [...operation.path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]);
      expect(Object.keys(operation.params?.shape ?? {}).sort()).toEqual(inPath.sort());
      if (operation.greedy) expect(operation.path.endsWith(`{${operation.greedy}}`)).toBe(true);
      expect(operation.body && operation.raw).toBeUndefined();
      expect(operation.summary).toMatch(/^[A-Z].*[^.]$/);
    },
  );
  it('describes every schema that it refers to', () => {
    const text = JSON.stringify(document);
    const used = new Set([...text.matchAll(/#\/components\/schemas\/([^"]+)/g)].map((match) => match[1]!));
    expect([...used].filter((name) => !document.components.schemas[name])).toEqual([]);
    expect(text).not.toContain('#/definitions/');
    expect(text).not.toContain('"wire"');
  });
});

describe('compareFacts', () => {
  const base = (schema: object, required = false) =>
    contractFacts({
      paths: {
        '/a/{id}': {
          get: {
            operationId: 'a',
            parameters: [
              { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
              { name: 'q', in: 'query', required, schema: { type: 'integer' } },
            ],
            requestBody: { required: true, content: { 'application/json': { schema } } },
            responses: { 200: { content: { 'application/json': { schema } } }, 404: {} },
          },
        },
      },
    });
  const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required });
  const string = { type: 'string' };
  const differences = (a: object, b: object) => compareFacts(base(a), base(b)).differing[0]?.differences ?? [];

  it.each([
    ['nothing', object({ x: string }), object({ x: string, y: string }), []],
    ['a missing field', object({ x: string }), object({ y: string }), ['body.x: missing', '200.x: missing']],
    [
      'a type',
      object({ x: string }),
      object({ x: { type: 'integer' } }),
      ['body.x: type string expected, integer found', '200.x: type string expected, integer found'],
    ],
    [
      'a lost requirement',
      object({ x: string }, ['x']),
      object({ x: string }),
      ['body.x: must be required', '200.x: must be required'],
    ],
    ['a new requirement', object({ x: string }), object({ x: string }, ['x']), ['body.x: must not be required']],
    [
      'items',
      { type: 'array', items: string },
      { type: 'array', items: { type: 'boolean' } },
      ['body[]: type string expected, boolean found', '200[]: type string expected, boolean found'],
    ],
    ['joined schemas', { allOf: [object({ x: string }), object({ y: string })] }, object({ x: string, y: string }), []],
    ['a null alternative', { anyOf: [{ enum: [null] }, string] }, { type: 'string', nullable: true }, []],
  ])('reports %s', (_, a, b, expected) => expect(differences(a, b)).toEqual(expected));
  it('reports parameters', () => {
    const result = compareFacts(base(string), base(string, true));
    expect(result.differing[0]!.differences).toEqual(['parameter query q: integer expected, integer! found']);
  });
});
