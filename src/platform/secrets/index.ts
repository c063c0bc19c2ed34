import type { Config } from '../config/index.ts';
import { createSecretBox, type SecretBox } from './envelope.ts';
import { openKeyRing } from './key-ring.ts';

export { type SecretBox, SecretUnreadable } from './envelope.ts';
export { MasterKeyError } from './key-ring.ts';

/**
 * Opens the box for secrets at rest. `warn` is called when the key lies in the data folder although the database
 * does not: other processes would not have it, and the database alone could not be restored.
 */
export function openSecretBox(
  config: Pick<Config, 'server' | 'database' | 'secrets'>,
  warn: (message: string) => void,
): SecretBox {
  const { keys, generated } = openKeyRing(config.secrets, config.server.data_dir);
  if (generated && config.database.url) {
    warn(
      'stored credentials are encrypted with a key generated in the data folder: set WINDLASS_MASTER_KEY to the text in ' +
        'master.key, so that all processes on this database share it and a backup can be restored',
    );
  }
  return createSecretBox(keys);
}
