import { describe, expect, it } from 'vitest';
import { runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { secretsAnalyzer } from './index.ts';
import { requiredLiterals } from './literal.ts';

/** Assembled from parts so that this file itself holds no secret. */
const ID = `AKIA${'IOSFODNN7EXAMPLE'}`;
const SECRET = `wJalrXUtnFEMI/K7MDENG/${'bPxRfiCYEXAMPLEKEY'}`;
const dashes = '-'.repeat(5);

function hits(text: string | Uint8Array, settings = {}): [string, number[]][] {
  const { secrets } = runAnalyzers([secretsAnalyzer], { '/file': text }, { settings });
  return (secrets ?? []).map(({ name, lines }) => [name, lines]);
}

describe('built-in rules', () => {
  it.each([
    ['aws id', `[default]\naws_access_key_id = ${ID}\n`, 'AWS_ACCESS_KEY', [1]],
    ['aws id as environment', `export AWS_ACCESS_KEY_ID="${ID}"`, 'AWS_ACCESS_KEY', [0]],
    ['aws id in JSON', `{\n"aws_access_key_id": "${ID}"}`, 'AWS_ACCESS_KEY', [1]],
    ['aws secret', `aws_secret_access_key=${SECRET}\n`, 'AWS_SECRET_KEY', [0]],
    ['private key', `x\n${dashes}BEGIN RSA PRIVATE KEY${dashes}\nMII`, 'PRIV_KEY', [1]],
    ['PKCS 8 key, indented', `  ${dashes}BEGIN PRIVATE KEY${dashes}`, 'PRIV_KEY', [0]],
    ['docker auth', '{"auths": {"r": {\n "auth": "dXNlcjpwYXNz"}}}', 'DOCKER_AUTH', [1]],
    ['api key', 'api_key = 0123456789abcdef0123456789', 'API_KEY', [0]],
    ['api key with a dash', 'x\r\nmy-api-key=ABCDEFGHIJ0123456789\r\n', 'API_KEY', [1]],
  ])('%s', (_, text, name, lines) => expect(hits(text)).toEqual([[name, lines]]));

  it.each([
    ['short value', 'api_key = abc'],
    ['too long for an id', `aws_access_key_id = ${ID}A`],
    ['a public key', `${dashes}BEGIN PUBLIC KEY${dashes}`],
    ['no assignment', 'see aws_access_key_id in the documentation'],
    ['an empty docker auth', '"auth": ""'],
  ])('not: %s', (_, text) => expect(hits(text)).toEqual([]));

  it('collects all lines of a rule', () => {
    expect(hits(`api_key=${'a1'.repeat(10)}\n\nAPI-KEY = ${'b2'.repeat(12)}\n`)).toEqual([['API_KEY', [0, 2]]]);
  });

  it('searches files up to the limit, also binary ones', () => {
    const binary = Buffer.concat([Buffer.from([0, 255, 254, 10]), Buffer.from(`api_key=${'a1'.repeat(10)}`)]);
    expect(hits(binary)).toEqual([['API_KEY', [1]]]);
    expect(hits(binary, { secretSearchMaxFileSize: 10 })).toEqual([]);
  });

  it('finds a hit in the middle of a very long line', () => {
    const line = `${'x'.repeat(300_000)};api_key=${'a1'.repeat(10)};${'y'.repeat(300_000)}`;
    expect(hits(`\n${line}\n`, { secretSearchMaxFileSize: 1_000_000 })).toEqual([['API_KEY', [1]]]);
  });

  it('never keeps the value', () => {
    const { secrets } = runAnalyzers([secretsAnalyzer], { '/file': `aws_secret_access_key = ${SECRET}` });
    expect(secrets?.[0]?.redacted).toMatch(/^wJ\*+EY$/);
    expect(JSON.stringify(secrets)).not.toContain(SECRET.slice(5, 20));
  });

  it('can be replaced', () => {
    expect(hits('password: hunter2', { secretRules: [{ name: 'MINE', regex: 'password: .+' }] })).toEqual([
      ['MINE', [0]],
    ]);
  });
});

describe('required literal', () => {
  it.each([
    ['.*aws_access_key_id( *=+ *).*', 'aws_access_key_id'],
    ['-+BEGIN(.*)PRIVATE KEY-+', 'private key-'],
    ['(?<a>[ab])\\k<a>\\x41z', 'z'],
    ['.*"auth": *".+"', '"auth":'],
    ['foo|bar', 'foo,bar'],
    ['foo|[bc]', ''],
    ['a\\|b', 'a|b'],
    ['(foo|bar)baz', 'baz'],
    ['ab?c', 'a'],
    ['abc{0,2}d', 'ab'],
    ['a\\.b\\d', 'a.b'],
    ['[abc]+', ''],
  ])('%s', (regex, literal) => expect(requiredLiterals(regex).join()).toBe(literal));
});
