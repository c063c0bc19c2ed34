import { z } from 'zod';
import { flag, httpUrl, text } from '../fields.ts';
import { setting } from '../setting.ts';

export const objectsArea = {
  title: 'Object store',
  schema: z.strictObject({
    s3_bucket: setting(
      { env: 'WINDLASS_S3_BUCKET', doc: 'Keeps large documents in this S3 bucket instead of the data folder.' },
      text(),
    ),
    s3_endpoint: setting(
      { env: 'WINDLASS_S3_ENDPOINT', doc: 'Address of an S3-compatible server; without it AWS is meant.' },
      httpUrl().optional(),
    ),
    s3_region: setting(
      { env: 'WINDLASS_S3_REGION', doc: 'Region of the bucket.' },
      z.string().min(1).default('us-east-1'),
    ),
    s3_access_key_id: setting(
      {
        env: 'WINDLASS_S3_ACCESS_KEY',
        aliases: ['ANCHORE_OBJECT_STORE_ACCESS_KEY'],
        doc: 'Access key; without it the usual AWS chain is used (environment, web identity, instance role).',
        secret: true,
      },
      text(),
    ),
    s3_secret_access_key: setting(
      { env: 'WINDLASS_S3_SECRET_KEY', aliases: ['ANCHORE_OBJECT_STORE_SECRET_KEY'], doc: 'Secret key.', secret: true },
      text(),
    ),
    s3_prefix: setting(
      { env: 'WINDLASS_S3_PREFIX', doc: 'Put before every key, for a shared bucket.' },
      z.string().default(''),
    ),
    s3_path_style: setting(
      {
        env: 'WINDLASS_S3_PATH_STYLE',
        doc: 'Bucket in the path instead of the host name; most S3-compatible servers need it.',
      },
      flag(false),
    ),
  }),
};
