import { describe, expect, it } from 'vitest';
import { mostSpecificRegistry } from './match-registry.ts';

const records = ['docker.io', 'docker.io/team', 'docker.io/team/*', 'host:5000', 'docker.io/team/app'].map(
  (registry) => ({ registry }),
);

describe('mostSpecificRegistry', () => {
  it.each([
    ['docker.io', 'nginx', 'docker.io'],
    ['docker.io', 'team/other', 'docker.io/team/*'],
    ['docker.io', 'team/app', 'docker.io/team/app'],
    ['docker.io', 'teammate/app', 'docker.io'],
    ['host:5000', 'a/b', 'host:5000'],
    ['host:5001', 'a/b', undefined],
    ['docker.io.example.com', 'a', undefined],
  ])('%s/%s uses %s', (registry, repository, expected) => {
    expect(mostSpecificRegistry(records, registry, repository)?.registry).toBe(expected);
  });
});
