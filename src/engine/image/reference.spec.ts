import { describe, expect, it } from 'vitest';
import { formatReference, parseReference, pullReference } from './reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('parseReference', () => {
  it.each([
    ['nginx', 'docker.io/nginx:latest', 'registry-1.docker.io/library/nginx latest'],
    ['nginx:1.25', 'docker.io/nginx:1.25', 'registry-1.docker.io/library/nginx 1.25'],
    ['library/nginx', 'docker.io/library/nginx:latest', 'registry-1.docker.io/library/nginx latest'],
    ['team/app', 'docker.io/team/app:latest', 'registry-1.docker.io/team/app latest'],
    ['docker.io/nginx', 'docker.io/nginx:latest', 'registry-1.docker.io/library/nginx latest'],
    ['index.docker.io/nginx', 'index.docker.io/nginx:latest', 'registry-1.docker.io/library/nginx latest'],
    ['localhost/app', 'localhost/app:latest', 'localhost/app latest'],
    ['localbuild/app', 'localbuild/app:latest', 'localbuild/app latest'],
    ['host:5000/a/b/c:v1', 'host:5000/a/b/c:v1', 'host:5000/a/b/c v1'],
    ['[::1]:5000/app', '[::1]:5000/app:latest', '[::1]:5000/app latest'],
    [`r.example/app@${digest}`, `r.example/app@${digest}`, `r.example/app ${digest}`],
    [`r.example/app:1@${digest}`, `r.example/app:1@${digest}`, `r.example/app ${digest}`],
    [' nginx ', 'docker.io/nginx:latest', 'registry-1.docker.io/library/nginx latest'],
  ])('%s', (text, full, pull) => {
    const reference = parseReference(text);
    expect(formatReference(reference)).toBe(full);
    const { host, repository, target } = pullReference(reference);
    expect(`${host}/${repository} ${target}`).toBe(pull);
  });

  it.each([
    '',
    'UPPER',
    'a//b',
    '/a',
    'a/',
    'a:',
    'a:b:c',
    'a@sha256:12',
    'a b',
    'host:99x/a',
    '../a',
    `a${'b'.repeat(600)}`,
  ])('rejects %j', (text) => {
    expect(() => parseReference(text)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});
