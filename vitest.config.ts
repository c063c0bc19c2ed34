import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
    pool: 'forks',
    // Tests wait for servers and databases as much as they compute.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Elsewhere than at a desk, other work may hold a process up for longer than a test expects; the report names what it tried twice.
    retry: process.env.CI ? 1 : 0,
    expect: { poll: { timeout: 10_000 } },
    passWithNoTests: true,
  },
});
