import { describe, expect, it } from 'vitest';
import { factsOf } from '../../testing/facts.ts';
import { fire, firedIds } from '../../testing/judge.ts';
import type { PolicyFacts } from '../../types.ts';
import { parseDockerfile } from './dockerfile-text.ts';

function facts(
  text: string | undefined,
  config: Record<string, unknown> = {},
  mode: 'Actual' | 'Guessed' = 'Actual',
): PolicyFacts {
  const base = factsOf(text === undefined ? {} : { dockerfile: { state: 'present', value: { mode, text } } });
  return { ...base, image: { ...base.image, config } };
}

describe('Dockerfile text', () => {
  it('joins continuations, drops comments, keeps here-documents together', () => {
    const text =
      '# syntax=docker/dockerfile:1\nFROM a AS b\nRUN x && \\\n# why\n\n  y\nrun <<EOF\nFROM nowhere\nEOF\nFROM c\nuser app\n';
    expect(parseDockerfile(text)).toEqual([
      { name: 'FROM', text: 'a AS b', stage: 0 },
      { name: 'RUN', text: 'x && y', stage: 0 },
      { name: 'RUN', text: '<<EOF', stage: 0 },
      { name: 'FROM', text: 'c', stage: 1 },
      { name: 'USER', text: 'app', stage: 1 },
    ]);
  });

  it('reads the escape directive, and survives odd text', () => {
    expect(parseDockerfile('# escape=`\nRUN a `\n b\n')).toEqual([{ name: 'RUN', text: 'a b', stage: 0 }]);
    expect(parseDockerfile('RUN a \\')).toEqual([{ name: 'RUN', text: 'a', stage: 0 }]);
    expect(parseDockerfile('\0\n \\\n\\\n')).toHaveLength(2);
  });
});

describe('dockerfile.instruction', () => {
  const text = 'FROM debian:12 AS build\nRUN apt-get update && \\\n  apt-get install -y curl\nADD a b\nADD c d\n';

  it.each([
    ['ADD', 'exists', undefined, 2],
    ['COPY', 'exists', undefined, 0],
    ['HEALTHCHECK', 'not_exists', undefined, 1],
    ['ADD', 'not_exists', undefined, 0],
    ['ADD', '=', 'a b', 1],
    ['ADD', '!=', 'a b', 1],
    ['COPY', '!=', 'a b', 0],
    ['ADD', 'in', 'a b, c d', 2],
    ['FROM', 'not_in', 'debian:12,alpine:3', 0],
    ['FROM', 'not_in', 'alpine:3', 1],
    ['RUN', 'like', '.*apt-get install', 1],
    ['RUN', 'not_like', '.*apt-get install', 0],
    ['FROM', 'like', 'bian', 0],
    ['FROM', '=', undefined, 0],
  ] as const)('%s %s %s: %i', (instruction, check, value, count) => {
    const params = { instruction, check, ...(value === undefined ? {} : { value }) };
    expect(firedIds('dockerfile', 'instruction', params, facts(text, { User: 'x' }))).toHaveLength(count);
  });

  it('a guessed Dockerfile is completed by the image configuration', () => {
    const healthy = { Healthcheck: { Test: ['CMD-SHELL', 'curl localhost'] } };
    const missing = { instruction: 'HEALTHCHECK', check: 'not_exists' };
    expect(firedIds('dockerfile', 'instruction', missing, facts('FROM scratch\nRUN a', healthy, 'Guessed'))).toEqual(
      [],
    );
    expect(firedIds('dockerfile', 'instruction', missing, facts(undefined, healthy))).toEqual([]);
    expect(firedIds('dockerfile', 'instruction', missing, facts('FROM scratch', healthy, 'Actual'))).toHaveLength(1);
    const actualOnly = { ...missing, actual_dockerfile_only: 'true' };
    expect(firedIds('dockerfile', 'instruction', actualOnly, facts('FROM scratch', {}, 'Guessed'))).toEqual([]);
    expect(
      firedIds(
        'dockerfile',
        'instruction',
        { instruction: 'LABEL', check: '=', value: 'a=b' },
        facts('FROM x', { Labels: { a: 'b' } }, 'Guessed'),
      ),
    ).toHaveLength(1);
  });

  it('without Dockerfile and configuration the rule says that it could not judge', () => {
    const result = fire(
      'dockerfile',
      'instruction',
      { instruction: 'HEALTHCHECK', check: 'not_exists' },
      facts(undefined),
    );
    expect(result).toMatchObject({ findings: [], problems: [{ problem_type: 'not_collected' }] });
  });
});

describe('dockerfile.effective_user', () => {
  it.each([
    [undefined, { Env: [] }, 'root', 'denylist', true],
    [undefined, { User: 'app' }, 'root', 'denylist', false],
    [undefined, { User: 'root:root' }, 'root', 'denylist', true],
    [undefined, { User: '1000:1000' }, '1000', 'allowlist', false],
    [undefined, { User: 'app' }, 'web,db', 'allowlist', true],
    ['FROM a\nUSER app\nFROM b\n', {}, 'root', 'denylist', true],
    ['FROM a\nuser app\n', {}, 'app', 'blacklist', true],
    ['FROM a\nUSER ["app"]\n', {}, 'app', 'denylist', true],
    ['FROM a\nUSER app', { User: 'root' }, 'root', 'denylist', true],
  ] as const)('%j %j, %s %s: %s', (text, config, users, type, expected) => {
    expect(firedIds('dockerfile', 'effective_user', { users, type }, facts(text, config)).length > 0).toBe(expected);
  });
});

describe('dockerfile.exposed_ports', () => {
  it.each([
    [undefined, { ExposedPorts: { '22/tcp': {}, '80/tcp': {} } }, '22,23', 'denylist', 1],
    [undefined, { ExposedPorts: { '22/tcp': {}, '80/tcp': {} } }, '80', 'allowlist', 1],
    [undefined, { ExposedPorts: { '22/sctp': {} } }, '22', 'allowlist', 1],
    [undefined, { ExposedPorts: { '1/tcp': {}, '2/udp': {} } }, '0', 'denylist', 2],
    ['FROM a\nEXPOSE 20-23 80/udp\n', {}, '22', 'denylist', 1],
    ['FROM a\nEXPOSE 22\n', { ExposedPorts: { '22/tcp': {} } }, '22', 'denylist', 1],
    ['FROM a\nEXPOSE 22\nFROM b\n', {}, '22', 'denylist', 0],
    ['FROM a\nEXPOSE $PORT\n', {}, '22', 'allowlist', 1],
    [undefined, { User: 'x' }, '22', 'allowlist', 0],
  ] as const)('%j %j, %s %s: %i', (text, config, ports, type, count) => {
    expect(firedIds('dockerfile', 'exposed_ports', { ports, type }, facts(text, config))).toHaveLength(count);
  });

  it('no_dockerfile_provided asks for an uploaded one', () => {
    expect(firedIds('dockerfile', 'no_dockerfile_provided', {}, facts('FROM a', {}, 'Guessed'))).toHaveLength(1);
    expect(firedIds('dockerfile', 'no_dockerfile_provided', {}, facts('FROM a'))).toEqual([]);
  });
});
