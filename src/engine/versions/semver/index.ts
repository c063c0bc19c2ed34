import { defineScheme } from '../scheme.ts';
import { STRICT_SEMVER, semanticKey } from './precedence.ts';

/** Semantic versions (SemVer 2.0.0 §11), read leniently: `v1`, `1.2`, `1.2.3.4` and `1.0rc1` are understood. */
export const semver = defineScheme('semver', semanticKey, (text) => STRICT_SEMVER.test(text));
