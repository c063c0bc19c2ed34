import { describe, expect, it } from 'vitest';
import { createPasswordVerifier } from './password-verifier.ts';
import { SlotsBusy } from './slots.ts';

describe('password verifier', () => {
  it('remembers a success for this user, password and hash only, and not for long', async () => {
    let time = 0;
    const passwords = createPasswordVerifier({ now: () => time, rememberMs: 1_000_000 });
    const stored = await passwords.hash('right');
    expect(passwords.remembered('ann', 'right', stored)).toBe(false);
    expect(await passwords.verify('ann', 'right', stored)).toBe(true);
    expect(passwords.remembered('ann', 'right', stored)).toBe(true);
    expect(passwords.remembered('bob', 'right', stored)).toBe(false);
    expect(passwords.remembered('ann', 'wrong', stored)).toBe(false);
    // The password was changed, perhaps by another process: the hash is another one.
    expect(passwords.remembered('ann', 'right', `${stored}x`)).toBe(false);
    await passwords.verify('ann', 'right', stored);
    time = 300_001;
    expect(passwords.remembered('ann', 'right', stored)).toBe(false);
  });

  it('forgets a user', async () => {
    const passwords = createPasswordVerifier();
    const stored = await passwords.hash('right');
    await passwords.verify('ann', 'right', stored);
    passwords.forget('ann');
    expect(passwords.remembered('ann', 'right', stored)).toBe(false);
  });

  it('never remembers a failure or an unknown user', async () => {
    const passwords = createPasswordVerifier();
    expect(await passwords.verify('ann', 'any', undefined)).toBe(false);
    expect(passwords.remembered('ann', 'any', undefined)).toBe(false);
  });

  it('does one verification for many requests at once', async () => {
    const passwords = createPasswordVerifier({ concurrency: 1, maxWaiting: 0 });
    const stored = await passwords.hash('right');
    const all = await Promise.all(Array.from({ length: 20 }, () => passwords.verify('ann', 'right', stored)));
    expect(all.every(Boolean)).toBe(true);
  });

  it('refuses work beyond its queue', async () => {
    const passwords = createPasswordVerifier({ concurrency: 1, maxWaiting: 1 });
    const attempts = ['a', 'b', 'c'].map((password) => passwords.verify('ann', password, undefined));
    const results = await Promise.allSettled(attempts);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect((results[2] as PromiseRejectedResult).reason).toBeInstanceOf(SlotsBusy);
  });
});
