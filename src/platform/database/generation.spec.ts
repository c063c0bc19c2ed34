import { EventEmitter } from 'node:events';
import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { countWrites } from './generation.ts';

describe('countWrites', () => {
  function open() {
    const pool = new EventEmitter();
    let finish: () => void = () => undefined;
    const client = {
      query: (_text: string) =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    };
    const generation = countWrites(pool as unknown as pg.Pool);
    // Lent out twice, as pools do: counted once.
    pool.emit('acquire', client);
    pool.emit('acquire', client);
    return { client, generation, finish: () => finish() };
  }

  it.each([
    'update a set b = 1',
    'insert into a values (1)',
    'with x as (delete from a returning 1) select 1',
    'commit',
    'rollback',
    '  begin',
  ])('counts %j at its start and its end', async (text) => {
    const { client, generation, finish } = open();
    const done = client.query(text);
    expect(generation()).toBe(1);
    finish();
    await done;
    expect(generation()).toBe(2);
  });

  it('does not count reads', async () => {
    const { client, generation, finish } = open();
    const done = client.query('\n select 1');
    finish();
    await done;
    expect(generation()).toBe(0);
  });
});
