import type { CpeSubject } from './cpe.ts';
import { knownVendors } from './cpe-known.ts';

/** Vendor and product words, best first. */
export interface Candidates {
  vendors: string[];
  products: string[];
}

/** First labels of host names that say nothing about who made something. */
const TOP_LEVEL = new Set([
  'com',
  'org',
  'io',
  'net',
  'edu',
  'gov',
  'dev',
  'me',
  'app',
  'cloud',
  'cn',
  'de',
  'uk',
  'fr',
  'jp',
  'ru',
  'ch',
  'nl',
  'eu',
  'us',
  'co',
  'info',
  'tech',
  'ai',
]);

/** Group parts that are hosting names, not makers. */
const HOSTING = new Set(['github', 'gitlab', 'bitbucket', 'googlecode', 'sourceforge', 'sonatype', 'maven']);

function unique(words: (string | undefined)[]): string[] {
  return [...new Set(words.filter((word): word is string => word !== undefined && word !== ''))];
}

/** Owner of a repository address on a forge: `github.com/owner/name`. */
export function forgeOwner(url: unknown): string | undefined {
  if (typeof url !== 'string') return undefined;
  return /(?:github|gitlab|bitbucket)\.(?:com|org)[/:]([\w.-]{1,100})\//i.exec(url)?.[1]?.toLowerCase();
}

/** Makers named by `Name <mail@host> (url)`: the name's words joined, and the mail host's second-level label. */
function makers(origin: string | undefined): string[] {
  if (origin === undefined) return [];
  const first = origin.split(',', 1)[0] ?? '';
  const name = first.replace(/<[^>]*>|\([^)]*\)/g, '').trim();
  const host = /@([\w.-]+)/.exec(first)?.[1]?.toLowerCase().split('.') ?? [];
  const label = host.length >= 2 ? host.at(-2) : undefined;
  const isMailHost =
    label !== undefined && /^(gmail|outlook|hotmail|yahoo|googlemail|qq|163|icloud|me|live|protonmail)$/.test(label);
  return unique([
    name !== '' && name.length <= 60 && /^[\p{L}\p{N} ._-]+$/u.test(name) ? name.replace(/\s+/g, '_') : undefined,
    isMailHost ? undefined : label,
  ]);
}

/** Candidates of ecosystems with flat names: npm, PyPI, gems, crates, composer, system packages. */
export function namedCandidates(pkg: CpeSubject): Candidates {
  const bare = pkg.name.replace(/^@/, '');
  const slash = bare.lastIndexOf('/');
  const product = slash < 0 ? bare : bare.slice(slash + 1);
  const scope = slash < 0 ? undefined : bare.slice(0, slash);
  const { metadata } = pkg;
  const owner = forgeOwner(metadata.url) ?? forgeOwner(metadata.homepage) ?? forgeOwner(metadata.homePage);
  const known = knownVendors(pkg.type, product);
  switch (pkg.type) {
    case 'npm':
      return {
        vendors: unique([...known, scope, product, `${product}_project`, owner, ...makers(pkg.origin)]),
        products: unique([
          product,
          scope === undefined ? undefined : `${scope}_${product}`,
          product.replace(/\.js$/, ''),
        ]),
      };
    case 'python': {
      const short = product.replace(/^python-/i, '');
      return {
        vendors: unique([
          ...known,
          product,
          `${product}_project`,
          `python-${short}`,
          'python',
          ...makers(pkg.origin),
          owner,
        ]),
        products: unique([product, `python-${short}`, short]),
      };
    }
    case 'gem':
      return {
        vendors: unique([...known, product, `${product}_project`, 'ruby-lang', owner, ...makers(pkg.origin)]),
        products: unique([product, product.replace(/^ruby-/, '')]),
      };
    case 'rust-crate':
      return { vendors: unique([...known, product, `${product}_project`, owner]), products: [product] };
    case 'php-composer':
      return { vendors: unique([...known, scope, product, `${product}_project`]), products: [product] };
    case 'wordpress-plugin':
      return wordpressCandidates(pkg);
    default:
      return { vendors: unique([...known, product, scope]), products: [product] };
  }
}

/** Candidates of a Go module: owner and repository of a forge path, else host and last part. */
export function goCandidates(module: string): Candidates | undefined {
  if (module === 'stdlib') return { vendors: ['golang'], products: ['go'] };
  const parts = module.split('/');
  while (parts.length > 1 && /^v\d+$/.test(parts.at(-1) ?? '')) parts.pop();
  const [host = '', ...rest] = parts;
  if (/^(github|gitlab|bitbucket)\.(com|org)$/.test(host)) {
    const [owner, repository] = rest;
    if (owner === undefined || repository === undefined) return undefined;
    return {
      vendors: unique([...knownVendors('go-module', repository), owner]),
      products: unique([repository, rest.at(-1)]),
    };
  }
  if (host === 'golang.org' && rest[0] === 'x') {
    return { vendors: ['golang'], products: unique([rest[1]]) };
  }
  if (host === 'google.golang.org') return { vendors: ['google', 'golang', 'grpc'], products: unique([rest[0]]) };
  if (host === 'gopkg.in') {
    const last = (rest.at(-1) ?? '').replace(/\.v\d+$/, '');
    return {
      vendors: unique([rest.length > 1 ? rest[0] : undefined, last, `${last}_project`]),
      products: unique([last]),
    };
  }
  const labels = host.split('.').filter((label) => !TOP_LEVEL.has(label) && label !== 'go');
  const product = rest.at(-1) ?? labels.at(-1);
  if (product === undefined || !host.includes('.')) return undefined;
  return { vendors: unique([labels.at(-1), rest[0], product]), products: [product] };
}

/** Candidates of a Java archive: parts of groupId, artifactId and its prefixes, bundle vendor. */
export function javaCandidates(pkg: CpeSubject): Candidates {
  const group = typeof pkg.metadata.groupId === 'string' ? pkg.metadata.groupId : '';
  const artifact = typeof pkg.metadata.artifactId === 'string' ? pkg.metadata.artifactId : pkg.name;
  const parts = group
    .toLowerCase()
    .split('.')
    .filter((part) => part !== '' && !TOP_LEVEL.has(part) && !HOSTING.has(part));
  const [maker] = parts;
  const last = parts.at(-1);
  const vendors = [...knownVendors('java-archive', artifact, group), maker, last, artifact, `${artifact}_project`];
  const products = [artifact];
  const stem = artifact.replace(/-(core|api|client|server|common|parent|all|embed-core|impl|web|webmvc)$/, '');
  if (stem !== artifact) products.push(stem);
  if (last !== undefined && (artifact.startsWith(last) || parts.length === 2)) products.push(last);
  if (pkg.type === 'jenkins-plugin') vendors.unshift('jenkins');
  return { vendors: unique(vendors), products: unique(products) };
}

/** Plugins are known by the name of their folder, under the name of their maker. */
function wordpressCandidates(pkg: CpeSubject): Candidates {
  const { pluginInstallDirectory: folder } = pkg.metadata;
  const product = typeof folder === 'string' ? folder : pkg.name;
  return {
    vendors: unique([...knownVendors(pkg.type, product), ...makers(pkg.origin), product, `${product}_project`]),
    products: [product],
  };
}
