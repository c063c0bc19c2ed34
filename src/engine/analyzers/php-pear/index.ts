import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Package } from '../../model/package.ts';
import { cpeCandidates } from '../cpe.ts';
import { licensesOf } from '../licenses.ts';
import { locate } from '../location.ts';
import { formatPurl } from '../purl.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { type PhpValue, unserialize } from './unserialize.ts';

interface PearEntry {
  name: string;
  version: string;
  channel?: string;
  license?: string;
}
type Fact = PearEntry | 'damaged';

const ENTRY: FileReader<Fact> = {
  kind: 'whole',
  limit: 16 << 20,
  read: (content) => {
    const value = unserialize(content.bytes());
    return value === undefined ? 'damaged' : entryOf(value);
  },
};

function select(file: FileHead): FileReader<Fact> | undefined {
  return file.path.endsWith('.reg') && file.path.includes('/.registry/') ? ENTRY : undefined;
}

function member(value: PhpValue | undefined, key: string): PhpValue | undefined {
  return value instanceof Map ? value.get(key) : undefined;
}

function text(value: PhpValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 500 ? value : undefined;
}

/** Both forms of package.xml: 1.0 has `package` and a plain version, 2.0 has `name`, `channel` and a version of two parts. */
function entryOf(value: PhpValue): PearEntry | undefined {
  const name = text(member(value, 'name')) ?? text(member(value, 'package'));
  const stated = member(value, 'version');
  const version = text(stated) ?? text(member(stated, 'release'));
  if (name === undefined || version === undefined) return undefined;
  const channel = text(member(value, 'channel'));
  const licensed = member(value, 'license') ?? member(value, 'release_license');
  const license = text(licensed) ?? text(member(licensed, '_content'));
  return { name, version, ...(channel ? { channel } : {}), ...(license ? { license } : {}) };
}

function draft(image: ImageView, located: LocatedFact<Fact>, entry: PearEntry): Omit<Package, 'id' | 'ownedBy'> {
  const { name, version, channel, license } = entry;
  const pkg: Omit<Package, 'id' | 'ownedBy'> = {
    type: 'php-pear',
    name,
    version,
    purl: formatPurl({ type: 'pear', namespace: channel, name, version }),
    cpes: [],
    licenses: licensesOf(license ? [license] : []),
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'php-pear',
    confidence: 'declared',
    metadataType: 'php-pear-entry',
    metadata: { name, version, ...(channel ? { channel } : {}) },
  };
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

function collect(image: ImageView, facts: LocatedFact<Fact>[]): Evidence {
  const packages: Omit<Package, 'id' | 'ownedBy'>[] = [];
  const problems: NonNullable<Evidence['problems']> = [];
  for (const located of facts) {
    if (located.fact !== 'damaged') packages.push(draft(image, located, located.fact));
    else
      problems.push({
        code: 'pear-entry-unreadable',
        message: `the record of a PEAR package at ${located.path} is damaged; the package is missing`,
        severity: 'partial',
        path: located.path,
        source: 'php-pear',
      });
  }
  return { packages, problems };
}

/** Packages and extensions that PEAR and PECL installed. */
export const phpPearAnalyzer: Analyzer<Fact> = { name: 'php-pear', version: 1, kind: 'packages', select, collect };
