import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import { openFilesystemStore } from './filesystem.ts';
import type { ObjectStore } from './types.ts';

export { InvalidObjectKey } from './keys.ts';
export type { ObjectStore } from './types.ts';

/** Opens the store the settings name: a bucket when one is set, else the folder `objects` of the data folder. */
export async function openObjectStore(config: Pick<Config, 'server' | 'objects'>): Promise<ObjectStore> {
  const { objects } = config;
  if (!objects.s3_bucket) return openFilesystemStore(join(config.server.data_dir, 'objects'));
  const { openS3Store } = await import('./s3.ts');
  return openS3Store({
    bucket: objects.s3_bucket,
    endpoint: objects.s3_endpoint,
    region: objects.s3_region,
    accessKeyId: objects.s3_access_key_id,
    secretAccessKey: objects.s3_secret_access_key,
    prefix: objects.s3_prefix,
    pathStyle: objects.s3_path_style,
  });
}
