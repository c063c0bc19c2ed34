import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';

/*
 * An encrypted secret is text: `v1.<key id>.<nonce>.<ciphertext and tag>`, the last two in base64url. AES-256-GCM
 * (NIST SP 800-38D) with a random 96-bit nonce; version, key id and purpose are authenticated with it.
 */
const VERSION = 'v1';
const TAG_BYTES = 16;

/** A ciphertext cannot be read: forged, of another key, or of another purpose. */
export class SecretUnreadable extends Error {}

/** Encrypts and decrypts secrets at rest. */
export interface SecretBox {
  /**
   * Encrypts a text. `purpose` names the place, e.g. `registry:<account>/<host>`: a ciphertext copied to another place
   * does not decrypt there.
   */
  encryptSecret(plain: string, purpose: string): string;
  /** @throws SecretUnreadable */
  decryptSecret(ciphertext: string, purpose: string): string;
  /** The same secret under the current key; undefined when it is already. */
  rotateSecret(ciphertext: string, purpose: string): string | undefined;
}

/** Makes a box of a key ring. */
export function createSecretBox(keys: KeyRing): SecretBox {
  const box: SecretBox = {
    encryptSecret: (plain, purpose) => {
      const nonce = randomBytes(12);
      const head = `${VERSION}.${keys.current.id}`;
      const cipher = createCipheriv('aes-256-gcm', keys.current.key, nonce).setAAD(Buffer.from(`${head}.${purpose}`));
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${head}.${nonce.toString('base64url')}.${sealed.toString('base64url')}`;
    },
    decryptSecret: (ciphertext, purpose) => {
      const [version, id, nonceText = '', sealedText = '', ...rest] = ciphertext.split('.');
      const key = keys.all.find((candidate) => candidate.id === id);
      const nonce = Buffer.from(nonceText, 'base64url');
      const sealed = Buffer.from(sealedText, 'base64url');
      if (version !== VERSION || rest.length > 0 || nonce.length !== 12 || sealed.length < TAG_BYTES) {
        throw new SecretUnreadable('a stored secret is damaged');
      }
      if (!key)
        throw new SecretUnreadable(
          `a stored secret was encrypted with another master key (${id}); set WINDLASS_MASTER_KEY to it`,
        );
      try {
        const decipher = createDecipheriv('aes-256-gcm', key.key, nonce, { authTagLength: TAG_BYTES });
        decipher.setAAD(Buffer.from(`${version}.${id}.${purpose}`)).setAuthTag(sealed.subarray(-TAG_BYTES));
        return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch {
        throw new SecretUnreadable('a stored secret is damaged or belongs elsewhere');
      }
    },
    rotateSecret: (ciphertext, purpose) => {
      if (ciphertext.startsWith(`${VERSION}.${keys.current.id}.`)) return undefined;
      return box.encryptSecret(box.decryptSecret(ciphertext, purpose), purpose);
    },
  };
  return box;
}
