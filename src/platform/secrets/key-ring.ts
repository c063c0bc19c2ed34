import { createHash, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A key of 32 bytes and its name in ciphertexts, which says nothing about it. */
export interface MasterKey {
  id: string;
  key: Buffer;
}

export interface KeyRing {
  /** Encrypts. */
  current: MasterKey;
  /** Decrypt; the current one is among them. */
  all: MasterKey[];
}

/** The settings name no usable key. */
export class MasterKeyError extends Error {}

/** 32 bytes as hexadecimal, base64 or base64url. */
const FORMS = /^(?:[0-9a-fA-F]{64}|[A-Za-z0-9+/_-]{43}=?)$/;

/** Reads 32 bytes in base64, base64url or hexadecimal. */
export function parseMasterKey(text: string, source: string): MasterKey {
  const trimmed = text.trim();
  const key = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, 'hex') : Buffer.from(trimmed, 'base64');
  if (key.length !== 32 || !FORMS.test(trimmed)) {
    throw new MasterKeyError(
      `${source} must hold 32 bytes in base64 or hexadecimal, for instance from: openssl rand -base64 32`,
    );
  }
  return { id: createHash('sha256').update('windlass master key').update(key).digest('base64url').slice(0, 8), key };
}

export interface KeySources {
  master_key?: string | undefined;
  master_key_file?: string | undefined;
  previous_master_key?: string | undefined;
}

/** Takes the keys from the settings, else from `master.key` in the data folder, which is made at the first start. */
export function openKeyRing(settings: KeySources, dataFolder: string): { keys: KeyRing; generated: boolean } {
  const { master_key, master_key_file, previous_master_key } = settings;
  let current: MasterKey;
  if (master_key) current = parseMasterKey(master_key, 'WINDLASS_MASTER_KEY');
  else if (master_key_file) current = parseMasterKey(readKeyFile(master_key_file), master_key_file);
  else current = generatedKey(dataFolder);
  const all = [current];
  if (previous_master_key) all.push(parseMasterKey(previous_master_key, 'WINDLASS_PREVIOUS_MASTER_KEY'));
  return { keys: { current, all }, generated: !master_key && !master_key_file };
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new MasterKeyError(`WINDLASS_MASTER_KEY_FILE cannot be read: ${(error as Error).message}`);
  }
}

function generatedKey(folder: string): MasterKey {
  const path = join(folder, 'master.key');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Written aside and linked: of two processes that start at once, both take the key of the first.
  if (existsSync(path)) return parseMasterKey(readFileSync(path, 'utf8'), path);
  const fresh = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(fresh, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(fresh, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(fresh);
  }
  return parseMasterKey(readFileSync(path, 'utf8'), path);
}
