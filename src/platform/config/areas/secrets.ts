import { z } from 'zod';
import { text } from '../fields.ts';
import { setting } from '../setting.ts';

export const secretsArea = {
  title: 'Secrets at rest',
  schema: z.strictObject({
    master_key: setting(
      {
        env: 'WINDLASS_MASTER_KEY',
        aliases: ['ANCHORE_DB_ENCRYPTION_KEY_CURRENT'],
        doc: '32 bytes in base64 or base64url which encrypt stored credentials. Without it a key is generated in the data folder; processes which share a database must share the key.',
        secret: true,
      },
      text(),
    ),
    master_key_file: setting({ env: 'WINDLASS_MASTER_KEY_FILE', doc: 'File that holds the key.' }, text()),
    previous_master_key: setting(
      {
        env: 'WINDLASS_PREVIOUS_MASTER_KEY',
        aliases: ['ANCHORE_DB_ENCRYPTION_KEY_PREVIOUS'],
        doc: 'The key before a change: old ciphertexts stay readable until they are rotated.',
        secret: true,
      },
      text(),
    ),
  }),
};
