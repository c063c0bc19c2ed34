import type { PackageType } from '../model/package.ts';

/** A package that a file of a source tree names with the one version that will be installed. */
export interface DeclaredPackage {
  /** As the ecosystem writes it. */
  name: string;
  version: string;
  /** Where the ecosystem of the file has more than one type. */
  type?: PackageType;
  /** Maven's group. */
  group?: string;
  /** Names of packages it needs, all of them in the same file. */
  dependencies?: string[];
  licenses?: string[];
  /** True for what only building and testing need. */
  development?: boolean;
  /** Fields of the ecosystem's own. */
  metadata?: Record<string, unknown>;
}

/** What one file declares. */
export interface Declaration {
  packages: DeclaredPackage[];
  /** How many it names without an exact version: nothing can be said about those. */
  open?: number;
}

/** A kind of file that declares packages. */
export interface ManifestKind {
  /** Shown as the finder of its packages: `npm-lock`, `go-mod`. */
  name: string;
  type: PackageType;
  /** Metadata type name in native SBOMs, where the field has one. */
  metadataType?: string;
  /** Tested against the file's name in lower case. */
  file: RegExp;
  /** Tested against the whole path, where the name alone says too little. */
  path?: RegExp;
  /** Throws when the text is damaged. Names and versions that are not text are left out. */
  read(text: string): Declaration;
}
