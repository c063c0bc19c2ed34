import type { AccessCredential } from '#contract/identity.ts';
import type { UserRow } from './user-store.ts';

/** Shown instead of a password: its length says nothing either. */
const MASK = '********';

/** The credentials of a user without their values. */
export function maskedCredentials(user: UserRow): AccessCredential[] {
  return user.has_password ? [maskedPassword(user.password_last_updated ?? user.created_at)] : [];
}

/** A password credential without its value. */
export function maskedPassword(since: Date): AccessCredential {
  return { type: 'password', value: MASK, created_at: since.toISOString() };
}
