import { describe, expect, it } from 'vitest';
import { createRegexRunner } from './bounded-regex.ts';
import type { ImageRef } from './document.ts';
import { normalizeReference, normalizeTag, parseImageName } from './image-name.ts';
import { compileImageSelector, firstSelected } from './mapping.ts';
import { TARGET } from './testing/facts.ts';

function mapped(registry: string, repository: string, image: ImageRef, tag: string | undefined): boolean {
  const rule = { id: 'm', name: 'm', registry, repository, image };
  const { tag: _, ...rest } = TARGET;
  return (
    firstSelected(
      [compileImageSelector(rule)],
      { ...rest, ...(tag === undefined ? {} : { tag }) },
      createRegexRunner(),
    ) !== undefined
  );
}

const DIGEST = TARGET.imageDigest;

describe('mapping rules', () => {
  it.each([
    ['*', '*', 'tag', '*', 'docker.io/library/nginx:1', true],
    ['docker.io', 'library/nginx', 'tag', 'latest', 'docker.io/nginx:latest', false],
    ['docker.io', 'nginx', 'tag', 'latest', 'nginx', true],
    ['dockerhub', 'nginx', 'tag', 'latest', 'nginx:latest', true],
    ['registry.example.com', 'prod/*', 'tag', '*', 'registry.example.com/prod/a/b:1', true],
    ['registry.example.com', 'prod/*', 'tag', '*', 'registry.example.com/dev/a:1', false],
    ['registry.example.com', '*', 'tag', '*-dev', 'registry.example.com/a:1-dev', true],
    ['registry.example.com', '*', 'tag', '*-dev', 'registry.example.com/a:1-dev2', false],
    ['localhost:5000', '*', 'tag', '*', 'localhost:5000/a:1', true],
    ['*', 'NGINX', 'tag', '*', 'nginx:1', false],
    ['*', 'a.c', 'tag', '*', 'abc:1', false],
    ['*', 'regexp:a.c', 'tag', '*', 'abcd:1', true],
    ['*', 'regexp:b', 'tag', '*', 'abc:1', false],
    ['*', '*', 'digest', DIGEST, 'nginx:1', true],
    ['*', 'other', 'digest', DIGEST, 'nginx:1', false],
    ['*', '*', 'digest', 'sha256:*', 'nginx:1', false],
    ['*', '*', 'id', TARGET.imageId, 'nginx:1', true],
    ['*', '*', 'id', `sha256:${TARGET.imageId}`, 'nginx:1', true],
    ['*', '*', 'tag', '*', undefined, true],
    ['docker.io', '*', 'tag', '*', undefined, false],
    ['*', '*', 'tag', '*-dev', undefined, false],
    ['*', '*', 'tag', '*', `docker.io/nginx@${DIGEST}`, true],
    ['*', '*', 'tag', 'latest', `docker.io/nginx@${DIGEST}`, false],
  ] as const)('%s %s %s=%s selects %s: %s', (registry, repository, type, value, tag, expected) => {
    expect(mapped(registry, repository, { type, value }, tag)).toBe(expected);
  });

  it('a digest mapping does not disturb an earlier tag mapping', () => {
    const base = { name: 'm', registry: '*', repository: '*' };
    const rules = [
      { ...base, id: 'tag', image: { type: 'tag', value: '*' } as const },
      { ...base, id: 'digest', image: { type: 'digest', value: 'sha256:0' } as const },
    ].map(compileImageSelector);
    expect(firstSelected(rules, TARGET, createRegexRunner())?.id).toBe('tag');
    expect(firstSelected(rules.toReversed(), TARGET, createRegexRunner())?.id).toBe('tag');
  });
});

describe('image names', () => {
  it.each([
    ['nginx', 'docker.io', 'nginx', 'latest'],
    ['host:5000/a/b', 'host:5000', 'a/b', 'latest'],
    ['localbuild/a:1', 'localbuild', 'a', '1'],
    ['org/app:2', 'docker.io', 'org/app', '2'],
    ['host.example/a:1@sha256:ab', 'host.example', 'a', '1'],
  ])('%s', (text, registry, repository, tag) => {
    expect(parseImageName(text)).toEqual({ registry, repository, tag });
  });

  it('normalises tags only', () => {
    expect(normalizeTag('nginx')).toBe('docker.io/nginx:latest');
    expect(normalizeTag('nginx@sha256:ab')).toBeUndefined();
    expect(normalizeTag('a b')).toBeUndefined();
    expect(normalizeTag('')).toBeUndefined();
  });

  it('gives references by digest their full form', () => {
    const digest = `sha256:${'ab'.repeat(32)}`;
    expect(normalizeReference('nginx')).toBe('docker.io/nginx:latest');
    expect(normalizeReference(`nginx@${digest}`)).toBe(`docker.io/nginx@${digest}`);
    expect(normalizeReference(`r:5000/a/b@${digest.toUpperCase().replace('SHA256', 'sha256')}`)).toBe(
      `r:5000/a/b@${digest}`,
    );
    expect(normalizeReference(`r.io/a:1@${digest}`)).toBe('r.io/a:1');
    for (const text of ['', ' ', 'a b', 'nginx@sha256:ab', `@${digest}`, `a@${digest}@${digest}`, `a b@${digest}`]) {
      expect(normalizeReference(text)).toBeUndefined();
    }
    expect(parseImageName(`docker.io/nginx@${digest}`)).toEqual({
      registry: 'docker.io',
      repository: 'nginx',
      tag: null,
    });
  });
});
