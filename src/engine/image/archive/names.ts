import { parseManifest } from '../manifest.ts';
import { isAttachment } from '../platform.ts';
import { openArchiveFile } from './archive-file.ts';
import { readSaved } from './docker-archive.ts';
import { readDocument, tarFiles } from './layout-files.ts';
import { namesOf } from './oci-layout.ts';
import { indexTar } from './tar-index.ts';

/** An image of an archive: how to choose it (absent: the only one), and the tags that the archive gives it. */
export interface ArchivedName {
  name?: string;
  tags: string[];
}

/** Lists the images of an archive file without reading their layers. Throws `RegistryError` when it is none. */
export async function archiveNames(path: string, spoolDirectory?: string): Promise<ArchivedName[]> {
  const file = await openArchiveFile(path, undefined, spoolDirectory);
  try {
    const { index } = await indexTar(file.path);
    const files = tarFiles(index);
    if (!index.has('index.json')) {
      const saved = await readSaved(files);
      if (saved.length === 1) return [{ tags: saved[0]!.tags }];
      return saved.map(({ tags, config }) => ({ name: tags[0] ?? config, tags }));
    }
    const document = parseManifest((await readDocument(files, 'index.json'))!);
    if (document.kind !== 'index') return [{ tags: [] }];
    const byDigest = new Map<string, string[]>();
    for (const entry of document.manifests.filter((candidate) => !isAttachment(candidate))) {
      byDigest.set(entry.digest, [...(byDigest.get(entry.digest) ?? []), ...namesOf(entry)]);
    }
    const images = [...byDigest];
    const names = new Set(images.flatMap(([, own]) => own));
    // One image, or the platforms of one image side by side: nothing to choose by name. Bare tags are no full names.
    if (images.length === 1 || names.size <= 1) return [{ tags: [...names].filter((name) => /[/:]/.test(name)) }];
    return images.map(([digest, own]) => ({ name: digest, tags: own.filter((name) => /[/:]/.test(name)) }));
  } finally {
    await file.close();
  }
}
