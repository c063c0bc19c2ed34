import { defineScheme } from '../scheme.ts';
import { semanticKey } from '../semver/precedence.ts';

/** NuGet versions: one to four numbers, SemVer 2.0.0 pre-releases compared without case, metadata ignored. */
export const nuget = defineScheme(
  'nuget',
  (text) => semanticKey(text.toLowerCase()),
  (text) => /^[0-9]+(?:\.[0-9]+){0,3}(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z.-]+)?$/.test(text),
);
