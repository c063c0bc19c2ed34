import { objectsOf } from '#shared/json-object.ts';
import { fields, parseJson, text, texts } from './fields.ts';
import type { Declaration, DeclaredPackage, ManifestKind } from './types.ts';

/** `composer.lock`. */
function readComposerLock(source: string): Declaration {
  const lock = parseJson(source);
  const read = (value: unknown, development: boolean): DeclaredPackage[] =>
    objectsOf(value).flatMap((row) => {
      const name = text(row.name);
      const version = text(row.version);
      if (name === undefined || version === undefined) return [];
      const needed = Object.keys(fields(row.require)).filter((one) => one.includes('/'));
      return [{ name, version, dependencies: needed, licenses: texts(row.license), development }];
    });
  return { packages: [...read(lock.packages, false), ...read(lock['packages-dev'], true)] };
}

/** Packages of Composer. */
export const PHP_MANIFESTS: readonly ManifestKind[] = [
  {
    name: 'composer-lock',
    type: 'php-composer',
    metadataType: 'php-composer-lock-entry',
    file: /^composer\.lock$/,
    read: readComposerLock,
  },
];
