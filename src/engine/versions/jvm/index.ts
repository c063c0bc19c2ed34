import { defineScheme } from '../scheme.ts';
import { prereleaseKey } from '../semver/precedence.ts';
import { releaseKey, textKey } from '../sort-key.ts';

/** Before Java 9: `1.8.0_282-b08`, `1.8.0_20-ea`; also `8u282`, and the `8:update282` of NVD as `8-update282`. */
const OLD = /^1\.([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:[_-]?(?:update_?|u|_)([0-9]+))?(.*)$/;
const UPDATE = /^([0-9]+)(?:u|[-_:. ]?update_?)([0-9]+)(.*)$/;
const NEW = /^([0-9]+(?:\.[0-9]+)*)(.*)$/;

function prerelease(rest: string): string | undefined {
  const withoutBuild = rest
    .replace(/\+.*$/s, '')
    .replace(/-b[0-9]+.*$/s, '')
    .replace(/^[-_.]/, '');
  return withoutBuild === '' ? undefined : withoutBuild;
}

function key(text: string): string {
  const lower = text
    .toLowerCase()
    .replace(/^(?:jdk|jre|java|openjdk)[-_ ]?/, '')
    .replace(/^v(?=[0-9])/, '');
  const old = OLD.exec(lower);
  if (old) {
    const [, feature = '', minor = '', patch, update = '', rest = ''] = old;
    return `\u0002${releaseKey([feature, minor, patch ?? update])}${prereleaseKey(prerelease(rest))}`;
  }
  const short = UPDATE.exec(lower);
  if (short)
    return `\u0002${releaseKey([short[1] ?? '', '0', short[2] ?? ''])}${prereleaseKey(prerelease(short[3] ?? ''))}`;
  const version = NEW.exec(lower);
  if (!version) return `\u0001${textKey(lower)}`;
  return `\u0002${releaseKey((version[1] ?? '').split('.'))}${prereleaseKey(prerelease(version[2] ?? ''))}`;
}

/** Java runtime versions: JEP 223 (`11.0.2+9`, build ignored) and the form before it (`1.8.0_282` is 8.0.282). */
export const jvm = defineScheme('jvm', key, (text) =>
  /^(?:1\.[0-9]+\.[0-9]+(?:_[0-9]+)?|[0-9]+u[0-9]+|[0-9]+(?:\.[0-9]+)*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]*)?$/.test(
    text,
  ),
);
