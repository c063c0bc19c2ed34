import { parse as parseToml } from 'smol-toml';
import { objectsOf } from '#shared/json-object.ts';
import { fields, text, texts } from './fields.ts';
import type { Declaration, ManifestKind } from './types.ts';

/** `Cargo.lock`: crates with a source; those of the workspace itself have none. */
function readCargoLock(source: string): Declaration {
  return {
    packages: objectsOf(fields(parseToml(source)).package).flatMap((row) => {
      const name = text(row.name);
      const version = text(row.version);
      const origin = text(row.source);
      if (name === undefined || version === undefined || origin === undefined) return [];
      const checksum = text(row.checksum);
      return [
        {
          name,
          version,
          dependencies: texts(row.dependencies).map((one) => one.split(' ', 1)[0]!),
          metadata: { source: origin, ...(checksum ? { checksum } : {}) },
        },
      ];
    }),
  };
}

/** Crates of Rust. */
export const RUST_MANIFESTS: readonly ManifestKind[] = [
  {
    name: 'cargo-lock',
    type: 'rust-crate',
    metadataType: 'rust-cargo-lock-entry',
    file: /^cargo\.lock$/,
    read: readCargoLock,
  },
];
