import { defineScheme } from '../scheme.ts';
import { STRICT_SEMVER, semanticKey } from '../semver/precedence.ts';

/** npm package versions: SemVer 2.0.0, with the leading `v` or `=` that npm tolerates. */
export const npm = defineScheme('npm', semanticKey, (text) => STRICT_SEMVER.test(text.replace(/^[=v\s]+/, '')));
