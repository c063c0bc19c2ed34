import { z } from 'zod';
import { flag, networks, seconds, text } from '../fields.ts';
import { setting } from '../setting.ts';

export const outboundArea = {
  title: 'Outbound connections',
  schema: z.strictObject({
    allow: setting(
      {
        env: 'WINDLASS_OUTBOUND_ALLOW',
        doc: 'Networks (CIDR) that may be reached although they are denied by default or by the list of denied networks.',
      },
      networks(),
    ),
    deny: setting(
      {
        env: 'WINDLASS_OUTBOUND_DENY',
        doc: 'Networks (CIDR) that must not be reached. Link-local and cloud metadata addresses are always in this list.',
      },
      networks(),
    ),
    connect_timeout_seconds: setting(
      {
        env: 'WINDLASS_OUTBOUND_CONNECT_TIMEOUT_SECONDS',
        aliases: ['ANCHORE_GLOBAL_CLIENT_CONNECT_TIMEOUT'],
        doc: 'Wait for a connection; 0 means the built-in default of 10 s.',
      },
      seconds(10, 0, 600),
    ),
    read_timeout_seconds: setting(
      {
        env: 'WINDLASS_OUTBOUND_READ_TIMEOUT_SECONDS',
        aliases: ['ANCHORE_GLOBAL_CLIENT_READ_TIMEOUT'],
        doc: 'Longest silence of a peer; 0 means the built-in default of 60 s (accepted; not used yet).',
      },
      seconds(60, 0, 3_600),
    ),
    ca_file: setting(
      { env: 'WINDLASS_CA_FILE', doc: 'PEM file of authorities to trust besides the usual ones.' },
      text(),
    ),
    allow_awsecr_iam_auto: setting(
      {
        env: 'WINDLASS_ALLOW_AWSECR_IAM_AUTO',
        aliases: ['ANCHORE_ALLOW_ECR_IAM_AUTO'],
        doc: 'A registry with the user `iamauto` takes the credentials of this machine (accepted; not used yet).',
      },
      flag(true),
    ),
  }),
};
