import type { OpenImage } from '#engine/image/types.ts';
import type { RegistryCredentials } from '#features/registries/index.ts';

/** A name of an image in a registry, as the API writes it: no `library/` is inserted. */
export interface ImageReference {
  registry: string;
  repository: string;
  /** Absent when the name is by digest alone. */
  tag?: string;
  digest?: string;
}

/** What a registry says about a name, without fetching layers. */
export interface ResolvedReference {
  /** Digest of the platform's manifest: the id of the image. */
  digest: string;
  /** Digest of the index it was chosen from. */
  parentDigest?: string;
  /** Digest of the config. */
  imageId: string;
}

/** Where image bytes come from. The only part of this feature that leaves the machine. */
export interface ImageGateway {
  /** Parses and normalises a tag or pull string. Throws AppError 400 on nonsense. */
  parse(text: string): ImageReference;
  /** Asks the registry what a name stands for now. Throws AppError with the reason for people. */
  resolve(reference: ImageReference, credentials: RegistryCredentials | undefined): Promise<ResolvedReference>;
  /** Opens an image of a registry for analysis, by digest. */
  open(
    reference: ImageReference & { digest: string },
    credentials: RegistryCredentials | undefined,
    signal: AbortSignal,
  ): Promise<OpenImage>;
  /** Tags of a repository. Throws AppError with the reason for people. */
  listTags(registry: string, repository: string, credentials: RegistryCredentials | undefined): Promise<string[]>;
  /** Opens the images of an archive file (`docker save` or OCI layout). */
  openArchive(path: string): Promise<{ image: OpenImage; tags: string[] }[]>;
}
