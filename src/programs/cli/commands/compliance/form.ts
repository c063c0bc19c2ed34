import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Client } from '#client/index.ts';
import { usageFailure } from '../../failure.ts';
import { resolveImage } from '../../resolve-image.ts';

/** A file of a form, read from disk while it is sent. Its type is left to the server, which looks at the content. */
export async function addFile(form: FormData, name: string, path: string, type = ''): Promise<void> {
  const { size } = await stat(path).catch((error: Error & { code?: string }) => {
    throw usageFailure(error.code === 'ENOENT' ? `there is no file ${path}` : `${path}: ${error.message}`);
  });
  if (size === 0) throw usageFailure(`${path} is empty`);
  const blob = await openAsBlob(path, { type });
  form.append(name, blob, basename(path));
}

/** An image by digest or tag. A digest stands for itself: compliance may be reported of images that nobody added. */
export async function findImage(client: Client, image: string): Promise<{ digest: string; tag: string | undefined }> {
  const digest = /^(?:.*@)?([a-z0-9]+:[0-9a-fA-F]{32,})$/.exec(image)?.[1];
  return digest === undefined ? resolveImage(client, image) : { digest, tag: undefined };
}
