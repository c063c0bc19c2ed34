import { FeedError } from '../feed-error.ts';

/** A listing (`latest.json`) of a database service. */
export interface Listing {
  status: 'active' | 'deprecated' | 'eol';
  /** Without its `v`: `6.1.9`. */
  schemaVersion: string;
  /** RFC 3339. */
  builtAt: string;
  /** Archive, relative to the folder of the listing, or a whole URL. */
  path: string;
  /** `sha256:<64 hex digits>`. */
  checksum: string;
}

/** Largest listing that is read, bytes. */
export const LISTING_LIMIT = 1024 * 1024;

/** Parses a listing. Throws `FeedError`: bad-listing, unsupported-schema. */
export function parseListing(text: string): Listing {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FeedError('bad-listing', 'the listing of the vulnerability database is not JSON', cause);
  }
  const field = (name: string): string => {
    const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
    if (typeof found === 'string' && found !== '') return found;
    throw new FeedError('bad-listing', `the listing of the vulnerability database has no ${name}`);
  };
  const schemaVersion = field('schemaVersion').replace(/^v/, '');
  const model = Number.parseInt(schemaVersion, 10);
  if (model !== 6) {
    throw new FeedError(
      'unsupported-schema',
      `the listing offers a database of schema ${schemaVersion}: only schema 6 can be read; use the address of a v6 listing`,
    );
  }
  const status = field('status').toLowerCase();
  if (status !== 'active' && status !== 'deprecated' && status !== 'eol') {
    throw new FeedError(
      'bad-listing',
      `the listing of the vulnerability database has the unknown status "${status.slice(0, 40)}"`,
    );
  }
  const checksum = field('checksum').toLowerCase();
  if (!/^sha256:[0-9a-f]{64}$/.test(checksum)) {
    throw new FeedError('bad-listing', 'the listing of the vulnerability database has no SHA-256 checksum');
  }
  return { status, schemaVersion, builtAt: field('built'), path: field('path'), checksum };
}

/** Text for people about a status other than active; undefined for active. */
export function statusWarning(status: Listing['status']): string | undefined {
  if (status === 'deprecated')
    return 'this kind of vulnerability database is deprecated: its service will end, plan for the next schema';
  if (status === 'eol') return 'this kind of vulnerability database is no longer maintained: its data ages';
  return undefined;
}

/** Address of the listing: an address that does not end in `.json` is a base to which `v6/latest.json` is added. */
export function listingUrl(location: string): string {
  const url = new URL(location);
  if (url.pathname.endsWith('.json')) return url.href;
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v6/latest.json`;
  return url.href;
}

/** Address of the archive of a listing that answered at `base`. */
export function archiveUrl(listing: Listing, base: string): string {
  // A colon in a relative path would be read as the end of a scheme.
  const absolute = /^https?:\/\//i.test(listing.path);
  return new URL(absolute ? listing.path : `./${listing.path.replace(/^\.?\//, '')}`, base).href;
}
