import { defineScheme } from '../scheme.ts';
import { semanticKey } from '../semver/precedence.ts';

/** Bitnami component versions: semantic, and a packaging revision (`1.2.3-4`) that does not order. */
export const bitnami = defineScheme(
  'bitnami',
  (text) => semanticKey(text.replace(/^([vV0-9.]+)-[0-9]+$/, '$1')),
  (text) => /^[0-9]+(?:\.[0-9]+)*(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/.test(text),
);
