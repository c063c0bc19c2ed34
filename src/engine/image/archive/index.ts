import { RegistryError } from '../errors.ts';
import type { OpenImage } from '../types.ts';
import { openArchiveFile } from './archive-file.ts';
import { openDockerArchive } from './docker-archive.ts';
import { directoryFiles, tarFiles } from './layout-files.ts';
import { type ArchiveChoice, openOciLayout } from './oci-layout.ts';
import { indexTar } from './tar-index.ts';

export type { ArchiveChoice } from './oci-layout.ts';

/** Kinds of image archives. `auto` looks inside. */
export type ArchiveKind = 'docker-archive' | 'oci-archive' | 'auto';

/** Options of `openArchive`. */
export interface ArchiveOptions extends ArchiveChoice {
  kind?: ArchiveKind;
  /** Name shown for the image; default: the path. */
  reference?: string;
  signal?: AbortSignal;
  spoolDirectory?: string;
}

/**
 * Opens an image in an archive file, bare or gzip-compressed, without extracting it. With `auto`, an archive that is both
 * (Docker 25 and later) is read as an OCI layout, whose manifest has the registry's digest. Throws `RegistryError`.
 */
export async function openArchive(path: string, options: ArchiveOptions = {}): Promise<OpenImage> {
  const { kind = 'auto', reference = path, signal } = options;
  const file = await openArchiveFile(path, signal, options.spoolDirectory);
  try {
    const { index, truncated } = await indexTar(file.path, signal);
    const files = tarFiles(index);
    const isLayout = index.has('index.json') && (index.has('oci-layout') || !index.has('manifest.json'));
    const useLayout = kind === 'oci-archive' || (kind === 'auto' && isLayout);
    const image = useLayout
      ? await openOciLayout(files, reference, options, file.close)
      : await openDockerArchive(files, reference, options, file.close, signal);
    if (truncated) {
      const message = 'The archive ends early or is damaged; parts of the image may be missing.';
      image.problems.push({ code: 'archive-truncated', message, severity: 'partial', source: 'image' });
    }
    return image;
  } catch (error) {
    await file.close();
    if (error instanceof RegistryError && error.code === 'invalid') {
      throw new RegistryError('invalid', `${reference} is not a readable image archive. ${error.message}`, {
        cause: error,
      });
    }
    throw error;
  }
}

/** Opens an image in an OCI layout directory. */
export function openLayoutDirectory(path: string, options: ArchiveOptions = {}): Promise<OpenImage> {
  return openOciLayout(directoryFiles(path), options.reference ?? path, options, async () => {});
}
