import { createHmac, randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hashPassword, verifyPassword } from './scrypt.ts';
import { createSlots } from './slots.ts';

/** Checks passwords, remembering successes for a short while: API clients send the password with every request. */
export interface PasswordVerifier {
  /** True when this very pair was verified lately against this very hash. Costs no password hashing. */
  remembered(username: string, password: string, stored: string | undefined): boolean;
  /**
   * Verifies against a stored hash. Without one (unknown user, user without password) it does the same amount of work
   * and answers false, so that the time taken tells nothing. Throws SlotsBusy under overload.
   */
  verify(username: string, password: string, stored: string | undefined): Promise<boolean>;
  /** Hashes a new password within the same limit of concurrent work. */
  hash(password: string): Promise<string>;
  /** Forgets all successes of a user. */
  forget(username: string): void;
}

export interface PasswordVerifierOptions {
  /** How long a success is remembered, in milliseconds; at most five minutes. */
  rememberMs?: number;
  /** Remembered successes. */
  maxRemembered?: number;
  concurrency?: number;
  /** Verifications that may wait for a free core. */
  maxWaiting?: number;
  now?: () => number;
}

interface Remembered {
  username: string;
  stored: string;
  until: number;
}

const FIVE_MINUTES = 300_000;

/**
 * Creates a verifier. Remembered pairs are kept as HMAC-SHA-256 of user and password under a key that exists only in
 * this process, and only for the stored hash they were verified against: a password changed by another process makes
 * the entry worthless at once.
 */
export function createPasswordVerifier(options: PasswordVerifierOptions = {}): PasswordVerifier {
  const now = options.now ?? Date.now;
  const rememberMs = Math.min(options.rememberMs ?? FIVE_MINUTES, FIVE_MINUTES);
  const maxRemembered = options.maxRemembered ?? 10_000;
  const concurrency = options.concurrency ?? availableParallelism();
  const slots = createSlots({ concurrency, maxWaiting: options.maxWaiting ?? 64 * concurrency });
  const key = randomBytes(32);
  const remembered = new Map<string, Remembered>();
  const pending = new Map<string, Promise<boolean>>();
  let decoy: Promise<string> | undefined;

  function fingerprint(username: string, password: string): string {
    return createHmac('sha256', key).update(`${username.length}:${username}${password}`).digest('base64');
  }

  function taskOf(mark: string, stored: string | undefined): string {
    return `${mark} ${stored ?? ''}`;
  }

  function remember(mark: string, entry: Remembered): void {
    remembered.delete(mark);
    remembered.set(mark, entry);
    if (remembered.size > maxRemembered) {
      const oldest = remembered.keys().next();
      if (!oldest.done) remembered.delete(oldest.value);
    }
  }

  function known(mark: string, stored: string | undefined): boolean {
    const entry = remembered.get(mark);
    if (!entry) return false;
    if (entry.until > now() && entry.stored === stored) return true;
    remembered.delete(mark);
    return false;
  }

  async function check(username: string, mark: string, password: string, stored: string | undefined): Promise<boolean> {
    return slots.run(async () => {
      decoy ??= hashPassword(randomBytes(16).toString('hex'));
      const matches = await verifyPassword(password, stored ?? (await decoy));
      if (!matches || stored === undefined) return false;
      remember(mark, { username, stored, until: now() + rememberMs });
      return true;
    });
  }

  return {
    remembered: (username, password, stored) => known(fingerprint(username, password), stored),
    verify(username, password, stored) {
      const mark = fingerprint(username, password);
      const task = taskOf(mark, stored);
      // Many requests of one client at once share one verification.
      const running = pending.get(task);
      if (running) return running;
      const started = check(username, mark, password, stored).finally(() => pending.delete(task));
      pending.set(task, started);
      return started;
    },
    hash: (password) => slots.run(() => hashPassword(password)),
    forget(username) {
      for (const [mark, entry] of remembered) if (entry.username === username) remembered.delete(mark);
    },
  };
}
