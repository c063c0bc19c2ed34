import fc from 'fast-check';
import type { ApiDocument, DocumentedOperation, Parameter } from './document.ts';
import type { Example } from './examples/index.ts';
import { damaged, oddWord } from './hostile-values.ts';
import { valuesOf } from './schema-values.ts';

/** A request as it goes over the wire. */
export interface FuzzRequest {
  operation: DocumentedOperation;
  method: string;
  url: string;
  headers: Record<string, string>;
  payload?: Buffer;
}

/**
 * Words to put into parameters and fields of a name: what things that exist are called, best first. `under` is what the
 * path has before the parameter.
 */
export type Words = (name: string, under?: string) => readonly string[];

interface Body {
  contentType: string;
  payload: Buffer;
}

/** Requests for an operation: most of them valid, some damaged in one place, some odd everywhere. */
export function requestsFor(
  operation: DocumentedOperation,
  document: ApiDocument,
  words: Words,
  example?: Example,
): fc.Arbitrary<FuzzRequest> {
  const word = (name: string): fc.Arbitrary<string> => {
    const known = words(name);
    return known.length
      ? fc.constantFrom(...known)
      : fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 });
  };
  const fitting = (parameter: Parameter) => valuesOf(parameter.schema, document.schemas, words).map(String);
  const queryValue = (parameter: Parameter) => {
    const meant = example?.query?.[parameter.name];
    return fc.oneof(
      ...(meant === undefined ? [] : [{ weight: 30, arbitrary: fc.constant(meant) }]),
      { weight: 15, arbitrary: fitting(parameter) },
      { weight: 1, arbitrary: oddWord },
    );
  };
  const inPlace = (place: string) => operation.parameters.filter((parameter) => parameter.in === place);
  const record = (list: Parameter[]) =>
    fc.record(Object.fromEntries(list.map((one) => [one.name, queryValue(one)])), {
      requiredKeys: list
        .filter((one) => one.required || example?.query?.[one.name] !== undefined)
        .map((one) => one.name) as never[],
    }) as fc.Arbitrary<Record<string, string>>;
  const headers = inPlace('header').filter(({ name }) => name !== 'x-anchore-account');
  return fc
    .record({
      path: pathOf(operation, document, words, example),
      query: record(inPlace('query')),
      header: record(headers),
      account: fc.oneof({ weight: 12, arbitrary: fc.constant('') }, { weight: 1, arbitrary: word('account_name') }),
      body: bodyOf(operation, document, words, example),
    })
    .map(({ path, query, header, account, body }) => ({
      operation,
      method: operation.method,
      url: withQuery(path, query),
      headers: {
        ...Object.fromEntries(Object.entries(header).map(([name, value]) => [name, value.replace(/[^ -~]/g, '')])),
        ...(account ? { 'x-anchore-account': account } : {}),
        ...(body ? { 'content-type': body.contentType } : {}),
      },
      ...(body ? { payload: body.payload } : {}),
    }));
}

/** The request that an example describes, without anything odd. */
export function plainRequest(
  operation: DocumentedOperation,
  document: ApiDocument,
  words: Words,
  example: Example,
  seed: number,
): FuzzRequest {
  const path = operation.path
    .split('/')
    .reduce(
      (before, segment) =>
        `${before}/${fill(segment, before, (name, under) => example.params?.[name] ?? words(name, under)[0] ?? 'none')}`,
    );
  const needed = operation.parameters.filter(({ in: place, required }) => place === 'query' && required);
  const query = Object.fromEntries(
    needed.map(({ name, schema }) => {
      const [made] = fc.sample(valuesOf(schema, document.schemas, words), { seed, numRuns: 1 });
      return [name, String(words(name)[0] ?? made)];
    }),
  );
  const body = exactBody(example) ?? generatedBody(operation, document, words, seed);
  return {
    operation,
    method: operation.method,
    url: withQuery(path, { ...query, ...example.query }),
    headers: body ? { 'content-type': body.contentType } : {},
    ...(body ? { payload: body.payload } : {}),
  };
}

function exactBody({ body, raw }: Example): Body | undefined {
  if (raw) return { contentType: raw.contentType, payload: raw.bytes };
  return body === undefined ? undefined : jsonBody(body);
}

function generatedBody(
  operation: DocumentedOperation,
  document: ApiDocument,
  words: Words,
  seed: number,
): Body | undefined {
  const schema = operation.bodies['application/json'];
  if (!schema) return undefined;
  return jsonBody(fc.sample(valuesOf(schema, document.schemas, words), { seed, numRuns: 1 })[0]);
}

/** The path with its parameters filled from the left, as each follows what stands before it. */
function pathOf(
  operation: DocumentedOperation,
  document: ApiDocument,
  words: Words,
  example: Example | undefined,
): fc.Arbitrary<string> {
  const schemaOf = (name: string) =>
    operation.parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)?.schema ?? {};
  const value = (name: string, under: string): fc.Arbitrary<string> => {
    const meant = example?.params?.[name];
    const known = words(name, under);
    const some = known.length ? fc.constantFrom(...known) : fc.string({ minLength: 1, maxLength: 12 });
    return fc.oneof(
      ...(meant === undefined ? [] : [{ weight: 14, arbitrary: fc.constant(meant) }]),
      ...(known[0] === undefined ? [] : [{ weight: 5, arbitrary: fc.constant(known[0]) }]),
      { weight: 5, arbitrary: some },
      { weight: 1, arbitrary: valuesOf(schemaOf(name), document.schemas, words).map(String) },
      { weight: 1, arbitrary: oddWord },
    );
  };
  const [first = '', ...segments] = operation.path.split('/');
  return segments.reduce(
    (path, segment) =>
      path.chain((before) => {
        const name = /^\{(\w+)\}$/.exec(segment)?.[1];
        return name === undefined
          ? fc.constant(`${before}/${segment}`)
          : value(name, before).map((one) => `${before}/${encode(one)}`);
      }),
    fc.constant(first) as fc.Arbitrary<string>,
  );
}

function fill(segment: string, before: string, value: (name: string, under: string) => string): string {
  const name = /^\{(\w+)\}$/.exec(segment)?.[1];
  return name === undefined ? segment : encode(value(name, before));
}

function jsonBody(value: unknown): Body {
  return { contentType: 'application/json', payload: Buffer.from(JSON.stringify(value) ?? 'null') };
}

function bodyOf(
  operation: DocumentedOperation,
  document: ApiDocument,
  words: Words,
  example: Example | undefined,
): fc.Arbitrary<Body | undefined> {
  const choices = Object.entries(operation.bodies).map(([contentType, schema]): fc.Arbitrary<Body> => {
    const valid = valuesOf(schema, document.schemas, words);
    const values = fc.oneof({ weight: 3, arbitrary: valid }, { weight: 2, arbitrary: damaged(valid) });
    if (contentType === 'application/x-www-form-urlencoded') {
      return values.map((value) => ({ contentType, payload: Buffer.from(formOf(value)) }));
    }
    if (contentType === 'multipart/form-data') return values.map(multipartOf);
    if (contentType === 'application/json') return values.map(jsonBody);
    return fc
      .oneof(fc.string({ maxLength: 200 }), fc.json())
      .map((text) => ({ contentType, payload: Buffer.from(text) }));
  });
  const broken = fc.constantFrom<Body | undefined>(
    undefined,
    { contentType: 'application/json', payload: Buffer.from('{"half":') },
    { contentType: 'application/json', payload: Buffer.from([0xff, 0xfe, 0x00]) },
    { contentType: 'text/plain', payload: Buffer.from('plain') },
    { contentType: 'multipart/form-data; boundary=never', payload: Buffer.from('--other\r\n\r\nx') },
  );
  if (choices.length === 0) return fc.constant(undefined);
  return fc.oneof(
    { weight: 12, arbitrary: fc.oneof(...choices) },
    { weight: 1, arbitrary: broken },
    ...(example ? [{ weight: 16, arbitrary: likeExample(example) }] : []),
  );
}

/** The body of an example, as it is or damaged in one place. */
function likeExample(example: Example): fc.Arbitrary<Body | undefined> {
  if (example.raw) {
    const { contentType, bytes } = example.raw;
    const cut = fc.nat({ max: bytes.length }).map((at) => ({ contentType, payload: bytes.subarray(0, at) }));
    return fc.oneof(
      { weight: 3, arbitrary: fc.constant({ contentType, payload: bytes }) },
      { weight: 1, arbitrary: cut },
    );
  }
  if (example.body === undefined) return fc.constant(undefined);
  const whole = fc.constant(example.body);
  return fc.oneof({ weight: 2, arbitrary: whole }, { weight: 3, arbitrary: damaged(whole) }).map(jsonBody);
}

function formOf(value: unknown): string {
  const pairs = value !== null && typeof value === 'object' ? Object.entries(value) : [['value', value]];
  return new URLSearchParams(pairs.map(([name, item]) => [String(name), String(item).toWellFormed()])).toString();
}

function multipartOf(value: unknown): Body {
  const pairs = value !== null && typeof value === 'object' ? Object.entries(value) : [['file', value]];
  const parts = pairs.map(
    ([name, item], index) =>
      `--edge\r\ncontent-disposition: form-data; name="${String(name).replace(/[^\w-]/g, '_')}"${index === pairs.length - 1 ? '; filename="x"' : ''}\r\n\r\n${String(item)}\r\n`,
  );
  return { contentType: 'multipart/form-data; boundary=edge', payload: Buffer.from(`${parts.join('')}--edge--\r\n`) };
}

function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encode(value)}`],
  );
  return pairs.length ? `${path}?${pairs.join('&')}` : path;
}

/** Percent-encodes; dots of a step up too, which clients would resolve, and half characters as the replacement one. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('.', '%2E');
}
