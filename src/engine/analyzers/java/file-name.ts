/** File name extensions of Java archives. */
export const ARCHIVE_NAME = /\.(jar|war|ear|par|sar|nar|jpi|hpi|kar|far|lpkg|rar|zap|aar)$/i;

const EXTENSIONS = new Set('jar war ear par sar nar jpi hpi kar far lpkg rar zap aar'.split(' '));

/** True for the name or path of a Java archive. Cheaper than the pattern: this is asked of every file. */
export function isArchiveName(path: string): boolean {
  const dot = path.lastIndexOf('.', path.length - 4);
  if (dot < path.length - 5) return false;
  return EXTENSIONS.has(path.slice(dot + 1).toLowerCase());
}

/** Name and version told by an archive's file name. */
export interface ArchiveFileName {
  /** File name without its extension. */
  stem: string;
  name: string;
  version?: string;
}

/**
 * Where the version starts: after `-`, `_` or `.`, a digit that begins a dotted number, or one of the spellings of
 * versions without dots that occur in the wild (`r06`, `build212`, `4aug2000r7`, `2.0.1.RELEASE`).
 */
const VERSION_START =
  /[-_.](v?\d+(?:[._]\d+)+|v?\d+(?=$|[-_.](?:SNAPSHOT|RELEASE|FINAL|GA|(?:alpha|beta|rc|m|cr|sp|pre)[-_.]?\d))|r\d+(?:[._]\d+)*|build-?\d+|b\d+|\d+[a-z]{3}\d{4}r?\d*|\d+(?:alpha|beta|rc|[a-c])\d*)/gi;

/** Classifiers that follow a version and are no part of it. */
const CLASSIFIER =
  /[-_.](sources|javadoc|tests?|all|shaded|standalone|jar-with-dependencies|with-dependencies|uber|fat|bin|dist|exec|boot|no-?deps|nodep|jdk\d+(on)?|java\d+|linux[-_]\w+|osx[-_]\w+|windows[-_]\w+|native)$/i;

/** Splits a file name into artifact and version. A name without a recognisable version is a name alone. */
export function readArchiveFileName(file: string): ArchiveFileName {
  const stem = file.replace(ARCHIVE_NAME, '');
  VERSION_START.lastIndex = 0;
  for (const match of stem.matchAll(VERSION_START)) {
    if (match.index === 0) continue;
    const name = stem.slice(0, match.index);
    let version = stem.slice(match.index + 1);
    if (!/[A-Za-z]/.test(name) || version.length > 128) continue;
    // `kafka_2.13-3.4.0`: the version of Scala is part of the artifact's name.
    if (/^_(2\.\d{1,2}|3)[-_]v?\d/.test(stem.slice(match.index))) continue;
    // `log4j-1.2-api-2.17.1`: a word and another version after a short number mean that the number belongs to the name.
    const rest = version.slice((match[1] ?? '').length);
    if (/^[-_.][A-Za-z][A-Za-z-]*[-_.]v?\d+(\.\d+)+/.test(rest) && !QUALIFIER.test(rest)) continue;
    while (CLASSIFIER.test(version) && /\d/.test(version.replace(CLASSIFIER, '')))
      version = version.replace(CLASSIFIER, '');
    return { stem, name, version };
  }
  return { stem, name: stem };
}

const QUALIFIER =
  /^[-_.](alpha|beta|rc|cr|m|milestone|snapshot|final|ga|release|sp|jre|jdk|pre|preview|incubating|android|jenkins|redhat|patch|p|rev|b|build)[-_.]?\d*/i;
