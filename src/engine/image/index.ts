export { openArchive, openLayoutDirectory } from './archive/index.ts';
export { RegistryError, type RegistryErrorCode } from './errors.ts';
export { describeImage, digestOf } from './image-metadata.ts';
export { parseManifest } from './manifest.ts';
export { DEFAULT_PLATFORM, formatPlatform, type Platform, parsePlatform } from './platform.ts';
export { formatReference, type PullReference, parseReference, pullReference, type Reference } from './reference.ts';
export * from './registry/index.ts';
export {
  openSource,
  recogniseSource,
  SOURCE_KINDS,
  type Source,
  type SourceKind,
  type SourceOptions,
} from './source.ts';
export type {
  Descriptor,
  FileContent,
  FileHead,
  FileReader,
  FileTree,
  ImageView,
  LocatedFact,
  OpenImage,
} from './types.ts';
