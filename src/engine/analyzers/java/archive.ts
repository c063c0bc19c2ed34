import { createHash } from 'node:crypto';
import { type ByteSource, pieces } from '../../formats/byte-source.ts';
import {
  readZipDirectory,
  readZipEntry,
  type ZipArchive,
  type ZipEntry,
  ZipError,
  zipEntrySource,
} from '../../formats/zip/index.ts';
import { isArchiveName } from './file-name.ts';
import { type JarManifest, readJarManifest } from './manifest.ts';
import { type PomProperties, readPomProperties } from './pom-properties.ts';
import { type PomXml, readPomXml } from './pom-xml.ts';

/** Fact of one archive and, below it, of the archives that it holds. */
export interface ArchiveFact {
  /** Path in the archive around it; empty for the outermost. */
  path: string;
  sha1: string;
  size: number;
  manifest?: JarManifest;
  /** Directory of most of its classes, at most three names deep: `org/apache/velocity`. */
  classDirectory?: string;
  poms: PomProperties[];
  pomXmls: PomXml[];
  nested: ArchiveFact[];
  /** What could not be read. `missing`: evidence may be lost. */
  failures: { path: string; message: string; missing: boolean }[];
}

/** What one outermost archive may cost. */
interface Budget {
  /** Bytes still allowed to be inflated for archives inside archives. */
  bytes: number;
  archives: number;
  poms: number;
}

const DEEPEST = 8;
const LARGEST_NESTED = 512 << 20;
const LARGEST_TEXT = 4 << 20;
const MOST_POM_XMLS = 200;
const MOST_CLASS_DIRECTORIES = 1000;
const POM = /^(?:.*\/)?META-INF\/maven\/[^/]+\/[^/]+\/pom\.(properties|xml)$/;
const MANIFEST = /^META-INF\/MANIFEST\.MF$/i;

/** Reads an archive with everything in it that tells what it is. Never throws: failures are part of the fact. */
export function readArchive(source: ByteSource): ArchiveFact {
  return read(source, '', 0, { bytes: 2 ** 31, archives: 20_000, poms: 20_000 });
}

function read(source: ByteSource, path: string, depth: number, budget: Budget): ArchiveFact {
  const sha1 = createHash('sha1');
  for (const piece of pieces(source, 0, source.size)) sha1.update(piece);
  const fact: ArchiveFact = {
    path,
    sha1: sha1.digest('hex'),
    size: source.size,
    poms: [],
    pomXmls: [],
    nested: [],
    failures: [],
  };
  let directory: ZipArchive;
  try {
    directory = readZipDirectory(source);
  } catch (error) {
    fact.failures.push(failure('', error));
    return fact;
  }
  if (directory.incomplete) {
    fact.failures.push({ path: '', message: 'The central directory breaks off.', missing: true });
  }
  const pomXmls: ZipEntry[] = [];
  const inner: ZipEntry[] = [];
  const attempt = (entry: ZipEntry, action: () => void) => {
    try {
      action();
    } catch (error) {
      fact.failures.push(failure(entry.name, error));
    }
  };
  const classes = classDirectory(directory.entries);
  if (classes !== undefined) fact.classDirectory = classes;
  for (const entry of directory.entries) {
    const { name } = entry;
    if (isArchiveName(name)) inner.push(entry);
    else if (MANIFEST.test(name)) {
      if (fact.manifest === undefined) {
        attempt(entry, () => {
          fact.manifest = readJarManifest(readZipEntry(source, entry, LARGEST_TEXT));
        });
      }
    } else if (name.includes('META-INF/maven/') && POM.test(name)) {
      if (name.endsWith('.xml')) pomXmls.push(entry);
      else if (budget.poms-- > 0) {
        attempt(entry, () => {
          const pom = readPomProperties(readZipEntry(source, entry, LARGEST_TEXT), name);
          if (pom !== undefined) fact.poms.push(pom);
        });
      }
    }
  }
  for (const entry of pomXmls.slice(0, MOST_POM_XMLS)) {
    attempt(entry, () => {
      const pom = readPomXml(readZipEntry(source, entry, LARGEST_TEXT), entry.name);
      if (pom !== undefined) fact.pomXmls.push(pom);
    });
  }
  for (const entry of inner) attempt(entry, () => readNested(source, entry, depth, budget, fact));
  return fact;
}

/** The directory, at most three names deep, below which most classes lie; undefined without classes in directories. */
function classDirectory(entries: readonly ZipEntry[]): string | undefined {
  const counts = new Map<string, number>();
  let most: string | undefined;
  for (const { name } of entries) {
    if (!name.endsWith('.class') || !/^[a-z]/.test(name)) continue;
    const directory = name.split('/', 4).slice(0, -1).join('/');
    if (directory === '' || directory.length > 200) continue;
    const count = (counts.get(directory) ?? 0) + 1;
    if (counts.size >= MOST_CLASS_DIRECTORIES && count === 1) continue;
    counts.set(directory, count);
    if (most === undefined || count > (counts.get(most) ?? 0)) most = directory;
  }
  return most;
}

function readNested(source: ByteSource, entry: ZipEntry, depth: number, budget: Budget, fact: ArchiveFact): void {
  if (entry.name.endsWith('/')) return;
  if (depth + 1 > DEEPEST) throw new ZipError('too-large', `Archives are nested deeper than ${DEEPEST}.`);
  if (--budget.archives < 0) throw new ZipError('too-large', 'Too many archives inside one archive.');
  if (entry.method !== 0) {
    budget.bytes -= entry.size;
    if (budget.bytes < 0) throw new ZipError('too-large', 'The archives inside one archive are too large together.');
  }
  fact.nested.push(read(zipEntrySource(source, entry, LARGEST_NESTED), entry.name, depth + 1, budget));
}

function failure(path: string, error: unknown): ArchiveFact['failures'][number] {
  if (!(error instanceof ZipError)) throw error;
  return { path, message: error.message, missing: true };
}
