import { createHash } from 'node:crypto';

/**
 * Identity of a finding for allowlists: lower-case hex md5 of gate name, trigger name and text, without separators.
 * The algorithm is fixed by existing allowlists; it protects nothing.
 */
export function hashedTriggerId(gate: string, trigger: string, text: string): string {
  return md5Hex(gate + trigger + text);
}

/** Lower-case hex md5 of UTF-8 text. */
export function md5Hex(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex');
}

/**
 * Texts whose hash is the trigger id in allowlists written for other implementations of these gates. They are part
 * of the id format, not messages: every character counts, spelling errors included. Triggers that are not listed
 * hash the key of their finding instead.
 */
export const COMPATIBLE_ID_TEXT = {
  instructionMissing: (instruction: string) =>
    `Dockerfile directive '${instruction}' not found, matching condition 'not_exists' check`,
  userDenied: (user: string) => `User ${user} found as effective user, which is explicity not allowed`,
  portDenied: (port: string) => `Dockerfile exposes port (${port}) which is in policy file DENIEDPORTS list`,
  setId: (path: string, mode: string) => `SUID or SGID found set on file ${path}. Mode: ${mode}`,
  staleFeed: (days: string) => `The vulnerability feed for this image distro is older than MAXAGE (${days}) days`,
} as const;
