import { z } from 'zod';
import { flag, httpUrl, integer, seconds, text, words } from '../fields.ts';
import { setting } from '../setting.ts';

/** What a process does; several processes may share the work. */
export const Role = z.enum(['api', 'worker', 'scheduler']);
export type Role = z.infer<typeof Role>;

export const serverArea = {
  title: 'Server',
  schema: z.strictObject({
    port: setting(
      {
        env: 'WINDLASS_PORT',
        aliases: ['ANCHORE_PORT'],
        doc: 'Port of the API and the web interface; 0 takes a free one.',
      },
      integer(8228, 0, 65_535),
    ),
    host: setting({ env: 'WINDLASS_HOST', doc: 'Address to listen on.' }, z.string().min(1).default('0.0.0.0')),
    data_dir: setting(
      {
        env: 'WINDLASS_DATA_DIR',
        aliases: ['ANCHORE_SERVICE_DIR'],
        doc: 'Folder of everything this process keeps: embedded database, objects, vulnerability index, generated keys.',
      },
      z.string().min(1).default('./data'),
    ),
    roles: setting(
      { env: 'WINDLASS_ROLES', doc: 'What this process does: `api`, `worker`, `scheduler`, comma-separated.' },
      words().pipe(z.array(Role).min(1)).default(['api', 'worker', 'scheduler']),
    ),
    public_url: setting(
      {
        env: 'WINDLASS_PUBLIC_URL',
        aliases: ['ANCHORE_ENTERPRISE_UI_URL'],
        doc: 'Address under which people reach this installation; used in links of notifications and in SSO.',
      },
      httpUrl().optional(),
    ),
    host_id: setting(
      {
        env: 'WINDLASS_HOST_ID',
        aliases: ['ANCHORE_HOST_ID'],
        doc: 'Name of this process among others in the list of services.',
        defaultText: 'host name',
      },
      text(),
    ),
    trust_proxy: setting(
      {
        env: 'WINDLASS_TRUST_PROXY',
        doc: 'Take the client address from `X-Forwarded-For`; only behind a proxy that sets it.',
      },
      flag(false),
    ),
    request_timeout_seconds: setting(
      {
        env: 'WINDLASS_REQUEST_TIMEOUT_SECONDS',
        aliases: ['ANCHORE_GLOBAL_SERVER_REQUEST_TIMEOUT_SEC'],
        doc: 'A request which takes longer is answered with an error (accepted; not used yet).',
      },
      seconds(180, 1, 86_400),
    ),
    tls_certificate_file: setting(
      {
        env: 'WINDLASS_TLS_CERTIFICATE_FILE',
        aliases: ['ANCHORE_SSL_CERT'],
        doc: 'PEM certificate chain; with the key, HTTPS is served.',
      },
      text(),
    ),
    tls_key_file: setting(
      { env: 'WINDLASS_TLS_KEY_FILE', aliases: ['ANCHORE_SSL_KEY'], doc: 'PEM private key of the certificate.' },
      text(),
    ),
    shutdown_seconds: setting(
      { env: 'WINDLASS_SHUTDOWN_SECONDS', doc: 'Time that running requests and jobs get on shutdown.' },
      seconds(20, 0, 600),
    ),
  }),
};
