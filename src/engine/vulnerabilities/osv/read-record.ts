import { isObject, type Json, objectsOf } from '#shared/json-object.ts';
import type { PackedQualifiers, PackedSeverity } from '../index/format.ts';
import { vectorSeverity, wordSeverity } from '../sources/severity-words.ts';
import type { Advisory, AdvisoryPackage } from '../sources/types.ts';
import { textOf, textsOf, timeOf } from '../sources/types.ts';
import { osvEcosystem, osvPackageName } from './ecosystems.ts';
import { osvRanges } from './ranges.ts';

/** Names under which the databases behind OSV ids are known as providers; others are called by their prefix. */
const PROVIDERS: Readonly<Record<string, string>> = {
  ghsa: 'github',
  go: 'govulndb',
  bit: 'bitnami',
  alsa: 'alma',
  alba: 'alma',
  alea: 'alma',
  dsa: 'debian',
  dla: 'debian',
  dtsa: 'debian',
  debian: 'debian',
  usn: 'ubuntu',
  ubuntu: 'ubuntu',
  lsn: 'ubuntu',
  alpine: 'alpine',
  rhsa: 'rhel',
  suse: 'sles',
  cga: 'chainguard',
  mal: 'malicious-packages',
  cve: 'osv',
};

/** Whether a value looks like an OSV record. */
export function isOsvRecord(value: Json): boolean {
  return (
    textOf(value.id) !== '' &&
    (Array.isArray(value.affected) || textOf(value.schema_version) !== '' || textOf(value.modified) !== '')
  );
}

/** Provider of a record, by the prefix of its id. */
export function osvProvider(id: string): string {
  const prefix = /^([a-z]+)-/i.exec(id)?.[1]?.toLowerCase() ?? 'osv';
  return PROVIDERS[prefix] ?? prefix;
}

/**
 * Reads an OSV record (schema 1.x). Entries that cannot concern a package of an image are left out and told to
 * `anomaly`. `provider` overrides what the id tells.
 */
export function readOsvRecord(record: Json, anomaly: (text: string) => void, provider?: string): Advisory {
  const id = textOf(record.id);
  const own = provider ?? osvProvider(id);
  const aliases = textsOf(record.aliases).filter((alias) => alias !== id);
  const related = own === 'alma' ? textsOf(record.related) : [];
  const covers = [...textsOf(record.upstream), ...related].filter((name) => /^(?:cve|ghsa)-/i.test(name));
  const withdrawn = timeOf(record.withdrawn);
  const affected = objectsOf(record.affected);
  return {
    id,
    provider: own,
    status: withdrawn === '' && !/^withdrawn:/i.test(textOf(record.summary)) ? 'active' : 'rejected',
    published: timeOf(record.published),
    modified: timeOf(record.modified),
    withdrawn,
    description: textOf(record.details) || textOf(record.summary),
    links: [...new Set(objectsOf(record.references).map((item) => textOf(item.url)))].filter((url) => url !== ''),
    aliases,
    covers: [...new Set(covers)],
    severities: severitiesOf(record, affected, own),
    cwes: isObject(record.database_specific) ? textsOf(record.database_specific.cwe_ids) : [],
    packages: affected.flatMap((entry) => packageOf(entry, own, id, anomaly) ?? []),
  };
}

function packageOf(
  entry: Json,
  provider: string,
  id: string,
  anomaly: (text: string) => void,
): AdvisoryPackage | undefined {
  if (!isObject(entry.package)) {
    anomaly('entry without package');
    return undefined;
  }
  const name = textOf(entry.package.name);
  const ecosystem = textOf(entry.package.ecosystem);
  const place = osvEcosystem(ecosystem);
  if (!place || name === '') {
    anomaly(name === '' ? 'entry without package' : `ecosystem that images do not have: ${ecosystem.slice(0, 40)}`);
    return undefined;
  }
  const ranges = osvRanges(entry, place.rangeType, anomaly);
  if (!ranges) return undefined;
  const found: AdvisoryPackage = {
    ecosystem: place.ecosystem,
    name: osvPackageName(place.ecosystem, name),
    affected: true,
    ranges,
    ...(place.system ? { system: place.system } : {}),
  };
  const qualifiers = qualifiersOf(entry);
  if (qualifiers) found.qualifiers = qualifiers;
  return provider === 'alma' ? asErrata(found, id) : found;
}

/** AlmaLinux's errata tell from which version on a package is mended; what is vulnerable, RHEL's records say. */
function asErrata(found: AdvisoryPackage, id: string): AdvisoryPackage | undefined {
  // Bug fixes and enhancements mend no flaw.
  if (!/^ALSA-/i.test(id)) return undefined;
  const ranges = found.ranges.flatMap(([type, , version = '', state = '']): AdvisoryPackage['ranges'] =>
    state === 'fixed' ? [[type, `>= ${version}`, version, 'fixed']] : [],
  );
  return ranges.length === 0 ? undefined : { ...found, affected: false, ranges };
}

function qualifiersOf(entry: Json): PackedQualifiers | undefined {
  const specific = isObject(entry.ecosystem_specific) ? entry.ecosystem_specific : {};
  const imports = objectsOf(specific.imports).map((item): [string, string[]] => [
    textOf(item.path),
    textsOf(item.symbols),
  ]);
  const module = textOf(specific.rpm_modularity) || textOf(specific.module);
  const qualifiers: PackedQualifiers = {
    ...(imports.length > 0 ? { goImports: imports } : {}),
    ...(module === '' ? {} : { module }),
  };
  return Object.keys(qualifiers).length > 0 ? qualifiers : undefined;
}

/** The database's own word first, then vectors of the record, then those of its packages. */
function severitiesOf(record: Json, affected: readonly Json[], provider: string): PackedSeverity[] {
  const found: (PackedSeverity | undefined)[] = [];
  const specifics = [
    record.database_specific,
    ...affected.flatMap((entry) => [entry.database_specific, entry.ecosystem_specific]),
  ].filter(isObject);
  for (const specific of specifics) found.push(wordSeverity(specific.severity, provider, 0));
  // RustSec lists crates that are only unmaintained, or worth a notice, beside flaws.
  for (const specific of specifics)
    if (['unmaintained', 'notice'].includes(textOf(specific.informational)))
      found.push(wordSeverity('informational', provider, 0));
  if (/^mal-/i.test(textOf(record.id))) found.push(wordSeverity('critical', provider, 0));
  for (const item of [...objectsOf(record.severity), ...affected.flatMap((entry) => objectsOf(entry.severity))]) {
    const type = textOf(item.type);
    if (/^CVSS_V/i.test(type)) found.push(vectorSeverity(item.score, '2.0', provider, 1));
    else found.push(wordSeverity(item.score, provider, 0));
  }
  for (const specific of specifics) found.push(vectorSeverity(specific.cvss, '', provider, 1));
  const seen = new Set<string>();
  return found.filter((one): one is PackedSeverity => {
    const key = one ? `${one[0]} ${one[1]}` : '';
    if (!one || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
