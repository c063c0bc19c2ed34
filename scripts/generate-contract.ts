/**
 * Writes first versions of `src/contract/<noun>.ts` from a reference OpenAPI document. What it writes is ordinary
 * source from then on: it refuses to overwrite a file unless told to.
 *
 *   node scripts/generate-contract.ts ../shared/contract/v2.openapi.json [noun …] [--force]
 */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Noun, nouns } from './contract/nouns.ts';
import { operationSource } from './contract/operation-source.ts';
import { type PlacedOperation, type ReferenceSchema, readReference, refName } from './contract/reference.ts';
import { type Needs, schemaSource } from './contract/schema-source.ts';
import { schemaWords } from './contract/words.ts';

const [file, ...rest] = process.argv.slice(2);
if (!file) {
  console.error('usage: node scripts/generate-contract.ts <reference.json> [noun …] [--force]');
  process.exit(2);
}
const force = rest.includes('--force');
const chosen = rest.filter((word) => !word.startsWith('--'));
const out = path.join(import.meta.dirname, '..', 'src', 'contract');
const reference = readReference(file);

/** Names of schemas that a value refers to, nested ones included, dependencies first. */
function closure(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) for (const item of value) closure(item, found);
  else if (value && typeof value === 'object') {
    const ref = (value as ReferenceSchema).$ref;
    if (ref?.includes('/schemas/')) {
      const name = refName(ref);
      if (name !== 'NullType' && !found.has(name)) {
        closure(reference.schemas[name], found);
        found.add(name);
      }
    }
    for (const item of Object.values(value)) closure(item, found);
  }
  return found;
}

const bodiesOf = (operation: PlacedOperation): unknown[] => [
  operation.requestBody,
  operation.parameters,
  Object.entries(operation.responses).find(([code]) => code.startsWith('2'))?.[1],
];

const owner = new Map<string, string>([['ApiErrorResponse', 'errors']]);
const perNoun = new Map<Noun, { operations: PlacedOperation[]; schemas: string[] }>();
const taken = new Set<string>();
for (const noun of nouns) {
  const operations = reference.operations.filter((one) => noun.has(one) && !taken.has(one.operationId));
  for (const one of operations) taken.add(one.operationId);
  const schemas = [...closure(operations.map(bodiesOf))].filter((name) => !owner.has(name));
  for (const name of schemas) owner.set(name, noun.split ? `${noun.file}-schemas` : noun.file);
  perNoun.set(noun, { operations, schemas });
}

function usesOf(name: string): { requests: string[]; responses: string[]; parts: string[] } {
  const mentions = (value: unknown): boolean => JSON.stringify(value ?? null).includes(`/schemas/${name}"`);
  const requests: string[] = [];
  const responses: string[] = [];
  for (const operation of reference.operations) {
    if (mentions(operation.requestBody)) requests.push(operation.operationId);
    if (mentions(operation.responses)) responses.push(operation.operationId);
  }
  const parts = Object.keys(reference.schemas).filter((other) => other !== name && mentions(reference.schemas[other]));
  return { requests, responses, parts };
}

const inRequests = closure(reference.operations.map((operation) => [operation.requestBody, operation.parameters]));

function schemaLines(name: string, needs: Needs): string {
  const source = schemaSource(reference.schemas[name]!, { ...needs, request: inRequests.has(name) });
  return `/** ${schemaWords(name, usesOf(name))} */\nexport const ${name} = ${source}.meta({ id: '${name}' });\nexport type ${name} = z.output<typeof ${name}>;\n`;
}

function importLines(needs: Needs, self: string, own: Set<string>, values: string[]): string {
  const byFile = new Map<string, string[]>();
  for (const name of needs.schemas) {
    if (own.has(name) || name === 'NullType') continue;
    const from = owner.get(name)!;
    if (from === self) continue;
    byFile.set(from, [...(byFile.get(from) ?? []), name]);
  }
  const lines = [`import { z } from 'zod';`, ...values];
  if (needs.fields.size) lines.push(`import { ${[...needs.fields].sort().join(', ')} } from './fields.ts';`);
  for (const [from, names] of byFile) lines.push(`import { ${names.sort().join(', ')} } from './${from}.ts';`);
  return `${lines.join('\n')}\n\n`;
}

function write(name: string, text: string): void {
  const target = path.join(out, `${name}.ts`);
  if (existsSync(target) && !force) console.error(`kept ${name}.ts (it exists; --force overwrites)`);
  else writeFileSync(target, text);
}

const camel = (text: string): string => text.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

for (const [noun, { operations, schemas }] of perNoun) {
  if (chosen.length && !chosen.includes(noun.file)) continue;
  const own = new Set(schemas);
  const schemaNeeds: Needs = { schemas: new Set(), fields: new Set() };
  const schemaText = schemas.map((name) => schemaLines(name, schemaNeeds)).join('\n');
  const needs: Needs = { schemas: new Set(), fields: new Set() };
  const entries = operations.map((operation) => operationSource(operation, needs));
  const table = `/** Operations of ${noun.file.replaceAll('-', ' ')}. */\nexport const ${camel(noun.file)}Operations = {\n${entries.join('\n')}\n};\n`;
  const define = [`import { defineOperation } from './operation.ts';`];
  if (noun.split) {
    write(`${noun.file}-schemas`, importLines(schemaNeeds, `${noun.file}-schemas`, own, []) + schemaText);
    write(noun.file, importLines(needs, noun.file, new Set(), define) + table);
  } else {
    const all = {
      schemas: new Set([...schemaNeeds.schemas, ...needs.schemas]),
      fields: new Set([...schemaNeeds.fields, ...needs.fields]),
    };
    write(noun.file, `${importLines(all, noun.file, own, define)}${schemaText}\n${table}`);
  }
  console.log(`${noun.file}: ${operations.length} operations, ${schemas.length} schemas`);
}
