import { describe, expect, it } from 'vitest';
import { cycleSeconds, type WatcherName } from './cycles.ts';

describe('cycleSeconds', () => {
  it.each<[WatcherName, number, number, RegExp | undefined]>([
    ['image', 3_600, 3_600, undefined],
    ['image', 0, 0, undefined],
    ['image', 10, 300, /image_watcher: 10 s is outside 300 to 604800; 300 s is used/],
    ['image', 900_000, 604_800, /604800 s is used/],
    ['image', -2, 2, /forced/],
    ['image', -400, 400, undefined],
    ['repository', 60, 60, undefined],
    ['repository', 59, 60, /repo_watcher/],
    ['policy', 200_000, 172_800, /policy_eval/],
  ])('%s %i → %i', (name, wanted, seconds, note) => {
    const cycle = cycleSeconds(name, wanted);
    expect(cycle.seconds).toBe(seconds);
    if (note) expect(cycle.note).toMatch(note);
    else expect(cycle.note).toBeUndefined();
  });
});
