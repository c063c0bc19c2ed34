import { z } from 'zod';
import { integer, seconds } from '../fields.ts';
import { setting } from '../setting.ts';

export const databaseArea = {
  title: 'Database',
  schema: z.strictObject({
    url: setting(
      {
        env: 'DATABASE_URL',
        doc:
          'PostgreSQL 15 or newer, `postgres://user:password@host:port/name?sslmode=verify-full`. Without it an embedded database is kept in ' +
          'the data folder. `ANCHORE_DB_HOST`, `_PORT`, `_NAME`, `_USER`, `_PASSWORD`, `_SSL`, `_SSL_MODE` and `_SSL_ROOT_CERT` are put together to an address too.',
        secret: true,
      },
      z
        .string()
        .regex(/^postgres(ql)?:\/\//, { error: 'expected an address that starts with postgres://' })
        .optional(),
    ),
    pool_size: setting(
      {
        env: 'WINDLASS_DATABASE_POOL_SIZE',
        aliases: ['ANCHORE_DB_POOL_SIZE'],
        doc: 'Connections to PostgreSQL that one process may open. The embedded database always uses four.',
      },
      integer(15, 2, 500),
    ),
    connect_timeout_seconds: setting(
      {
        env: 'WINDLASS_DATABASE_CONNECT_TIMEOUT_SECONDS',
        aliases: ['ANCHORE_DB_TIMEOUT'],
        doc: 'Wait for a connection, and for PostgreSQL to come up at start.',
      },
      seconds(30, 1, 600),
    ),
    checkpoint_seconds: setting(
      { env: 'WINDLASS_DATABASE_CHECKPOINT_SECONDS', doc: 'Embedded only: pause between checkpoints.' },
      seconds(180, 10, 3_600),
    ),
    maintenance_seconds: setting(
      { env: 'WINDLASS_DATABASE_MAINTENANCE_SECONDS', doc: 'Embedded only: pause between looks for tables to vacuum.' },
      seconds(300, 10, 86_400),
    ),
  }),
};
