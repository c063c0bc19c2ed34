import { type ParsedPurl, parsePurl } from '../sbom/parse-purl.ts';

/** Qualifiers that say where a package came from, not which it is. */
const PROVENANCE = new Set([
  'repository_url',
  'repository_id',
  'download_url',
  'vcs_url',
  'checksum',
  'file_name',
  'package-id',
  'rpmmod',
]);

/** Types whose names are written in lower case, and PyPI, where `-`, `_` and `.` are one. */
function foldedName(type: string, name: string): string {
  if (type === 'pypi') return name.toLowerCase().replace(/[-_.]+/g, '-');
  return ['deb', 'rpm', 'apk', 'npm', 'github', 'bitbucket', 'composer', 'oci', 'docker'].includes(type)
    ? name.toLowerCase()
    : name;
}

/**
 * Does a package URL of a statement name this package? Type, namespace and name must be equal; version and qualifiers
 * as far as the statement gives them. `version`: the version that the statement limits itself to beside the purl.
 */
export function purlMatches(stated: string, found: string, version?: string): boolean {
  const [wanted, actual] = [cachedPurl(stated), cachedPurl(found)];
  if (!wanted || !actual || wanted.type !== actual.type) return false;
  const { type } = wanted;
  if (foldedName(type, wanted.name) !== foldedName(type, actual.name)) return false;
  if (foldedName(type, wanted.namespace ?? '') !== foldedName(type, actual.namespace ?? '')) return false;
  const limit = wanted.version ?? version;
  if (limit !== undefined && !sameVersion(type, limit, wanted, actual)) return false;
  return Object.entries(wanted.qualifiers).every(
    ([key, value]) => PROVENANCE.has(key) || (key === 'epoch' && type === 'rpm') || actual.qualifiers[key] === value,
  );
}

/** The epoch of an rpm may stand in the version or in a qualifier; a statement without one does not speak of it. */
function sameVersion(type: string, limit: string, wanted: ParsedPurl, actual: ParsedPurl): boolean {
  if (type !== 'rpm') return limit === actual.version;
  const [own, stated] = [split(actual.version ?? '', actual), split(limit, wanted)];
  return own.rest === stated.rest && (stated.epoch === undefined || stated.epoch === (own.epoch ?? '0'));
}

function split(version: string, purl: ParsedPurl): { epoch: string | undefined; rest: string } {
  const [, epoch = purl.qualifiers.epoch, rest = version] = /^(\d+):(.*)$/.exec(version) ?? [];
  return { epoch, rest };
}

const cache = new Map<string, ParsedPurl | undefined>();

/** Parses once: statements and packages are compared many times. */
export function cachedPurl(text: string): ParsedPurl | undefined {
  if (cache.has(text)) return cache.get(text);
  if (cache.size > 50_000) cache.clear();
  const parsed = parsePurl(text);
  cache.set(text, parsed);
  return parsed;
}
