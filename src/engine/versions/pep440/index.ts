import { defineScheme } from '../scheme.ts';
import { isDigits, numberKey, releaseKey, runs, textKey } from '../sort-key.ts';

const VERSION = new RegExp(
  '^v?(?:([0-9]+)!)?([0-9]+(?:\\.[0-9]+)*)' +
    '(?:[-_.]?(alpha|beta|preview|pre|rc|a|b|c)[-_.]?([0-9]*))?' +
    '(?:-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]*))?' +
    '(?:[-_.]?(dev)[-_.]?([0-9]*))?' +
    '(?:\\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$',
);

const PHASES: Record<string, string> = {
  a: '\u0002',
  alpha: '\u0002',
  b: '\u0003',
  beta: '\u0003',
  c: '\u0004',
  rc: '\u0004',
  pre: '\u0004',
  preview: '\u0004',
};
const DEVELOPMENT_ONLY = '\u0001';
const FINAL = '\u0005';

/** Words of versions from before PEP 440, all of which come before its own: pre-releases, the end, then others. */
function legacyKey(text: string): string {
  let key = '\u0001';
  for (const run of runs(text)) {
    if (isDigits(run)) key += `\u0006${numberKey(run)}`;
    else if (/^(?:dev|a|alpha|b|beta|c|rc|pre|preview)$/.test(run)) key += `\u0003${textKey(run)}`;
    else key += `\u0005${textKey(run)}`;
  }
  return `${key}\u0004${textKey(text)}`;
}

function localKey(local: string | undefined): string {
  if (local === undefined) return '\u0001';
  const segments = local
    .split(/[-_.]/)
    .map((part) => (isDigits(part) ? `\u0003${numberKey(part)}` : `\u0002${textKey(part)}`));
  return `\u0002${segments.join('')}\u0001`;
}

function key(text: string): string {
  const lower = text.toLowerCase();
  const match = VERSION.exec(lower);
  if (!match) return legacyKey(lower);
  const [
    ,
    epoch = '',
    release = '',
    phase,
    phaseNumber = '',
    hyphenPost,
    post,
    postNumber = '',
    dev,
    devNumber = '',
    local,
  ] = match;
  const hasPost = hyphenPost !== undefined || post !== undefined;
  let pre = FINAL;
  if (phase !== undefined) pre = (PHASES[phase] ?? FINAL) + numberKey(phaseNumber);
  else if (dev !== undefined && !hasPost) pre = DEVELOPMENT_ONLY;
  return [
    '\u0002',
    numberKey(epoch),
    releaseKey(release.split('.')),
    pre,
    hasPost ? `\u0002${numberKey(hyphenPost ?? postNumber)}` : '\u0001',
    dev === undefined ? '\u0002' : `\u0001${numberKey(devNumber)}`,
    localKey(local),
  ].join('');
}

/** Python versions, PEP 440. Text that PEP 440 does not know comes before all that it does. */
export const pep440 = defineScheme('pep440', key, (text) => VERSION.test(text.toLowerCase()));

/** The version without its local part (`+…`), which PEP 440 ignores where a specifier has none. */
export function publicVersion(text: string): string {
  const plus = text.indexOf('+');
  return plus < 0 ? text : text.slice(0, plus);
}
