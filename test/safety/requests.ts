import fc from 'fast-check';
import type { ApiDocument, DocumentedOperation, Parameter } from './document.ts';
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
 * Words to put into parameters and fields of a name: what things that exist are called. `under` is the template of the
 * path that a parameter of a path follows.
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
): fc.Arbitrary<FuzzRequest> {
  const word = (name: string, under?: string): fc.Arbitrary<string> => {
    const known = words(name, under);
    return known.length
      ? fc.constantFrom(...known)
      : fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 });
  };
  const before = (name: string): string => operation.path.slice(0, operation.path.indexOf(`/{${name}}`));
  const fitting = (parameter: Parameter) => valuesOf(parameter.schema, document.schemas, words).map(String);
  const pathValue = (parameter: Parameter) =>
    fc.oneof(
      { weight: 10, arbitrary: word(parameter.name, before(parameter.name)) },
      { weight: 1, arbitrary: fitting(parameter) },
      { weight: 1, arbitrary: oddWord },
    );
  const queryValue = (parameter: Parameter) =>
    fc.oneof({ weight: 15, arbitrary: fitting(parameter) }, { weight: 1, arbitrary: oddWord });
  const inPlace = (place: string) => operation.parameters.filter((parameter) => parameter.in === place);
  const record = (list: Parameter[], values: (parameter: Parameter) => fc.Arbitrary<string>) =>
    fc.record(Object.fromEntries(list.map((one) => [one.name, values(one)])), {
      requiredKeys: list.filter((one) => one.in === 'path' || one.required).map((one) => one.name) as never[],
    }) as fc.Arbitrary<Record<string, string>>;
  const headers = inPlace('header').filter(({ name }) => name !== 'x-anchore-account');
  return fc
    .record({
      path: record(inPlace('path'), pathValue),
      query: record(inPlace('query'), queryValue),
      header: record(headers, queryValue),
      account: fc.oneof({ weight: 8, arbitrary: fc.constant('') }, { weight: 1, arbitrary: word('account_name') }),
      body: bodyOf(operation, document, words),
    })
    .map(({ path, query, header, account, body }) => ({
      operation,
      method: operation.method,
      url: urlOf(operation.path, path, query),
      headers: {
        ...Object.fromEntries(Object.entries(header).map(([name, value]) => [name, value.replace(/[^ -~]/g, '')])),
        ...(account ? { 'x-anchore-account': account } : {}),
        ...(body ? { 'content-type': body.contentType } : {}),
      },
      ...(body ? { payload: body.payload } : {}),
    }));
}

function bodyOf(operation: DocumentedOperation, document: ApiDocument, words: Words): fc.Arbitrary<Body | undefined> {
  const choices = Object.entries(operation.bodies).map(([contentType, schema]): fc.Arbitrary<Body> => {
    const valid = valuesOf(schema, document.schemas, words);
    const values = fc.oneof({ weight: 3, arbitrary: valid }, { weight: 2, arbitrary: damaged(valid) });
    if (contentType === 'application/x-www-form-urlencoded') {
      return values.map((value) => ({ contentType, payload: Buffer.from(formOf(value)) }));
    }
    if (contentType === 'multipart/form-data') return values.map(multipartOf);
    if (contentType === 'application/json')
      return values.map((value) => ({ contentType, payload: Buffer.from(JSON.stringify(value) ?? 'null') }));
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
  return fc.oneof({ weight: 12, arbitrary: fc.oneof(...choices) }, { weight: 1, arbitrary: broken });
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

function urlOf(path: string, params: Record<string, string>, query: Record<string, string>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encode(params[name] ?? 'none'));
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encode(value)}`);
  return pairs.length ? `${filled}?${pairs.join('&')}` : filled;
}

/** Percent-encodes; dots of a step up too, which clients would resolve, and half characters as the replacement one. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('.', '%2E');
}
