import { isObject, type Json, objectsOf } from '#shared/json-object.ts';
import type { PackedRange, PackedSeverity } from '../index/format.ts';
import { constraintOf } from '../sources/constraint-text.ts';
import { vectorSeverity, wordSeverity } from '../sources/severity-words.ts';
import { systemName } from '../sources/system-names.ts';
import type { Advisory, AdvisoryPackage } from '../sources/types.ts';
import { dayOf, textOf, timeOf } from '../sources/types.ts';

/** Ecosystem of the index by the kind of versions that a record names. */
const ECOSYSTEMS: Readonly<Record<string, string>> = {
  dpkg: 'deb',
  deb: 'deb',
  rpm: 'rpm',
  apk: 'apk',
  pacman: 'alpm',
  alpm: 'alpm',
  portage: 'portage',
  kb: 'msrc-kb',
};

/** Reads a vulnerability of a distribution (envelope schema `os`, 1.x). */
export function readOsRecord(item: Json, provider: string, anomaly: (text: string) => void): Advisory | undefined {
  const record = isObject(item.Vulnerability) ? item.Vulnerability : {};
  const id = textOf(record.Name);
  if (id === '') {
    anomaly('record without id');
    return undefined;
  }
  const metadata = isObject(record.Metadata) ? record.Metadata : {};
  const cves = objectsOf(metadata.CVE)
    .map((cve) => textOf(cve.Name))
    .filter((cve) => cve !== '' && cve !== id);
  const link = textOf(record.Link);
  const withdrawn = timeOf(metadata.Withdrawn);
  return {
    id,
    provider,
    status: withdrawn === '' ? 'active' : 'rejected',
    published: timeOf(metadata.Issued),
    modified: timeOf(metadata.Updated),
    withdrawn,
    description: textOf(record.Description),
    links: link === '' ? [] : [link],
    aliases: [],
    covers: cves,
    severities: severities(record),
    cwes: [],
    packages: objectsOf(record.FixedIn).flatMap((fix) => packageOf(fix, textOf(record.NamespaceName), anomaly) ?? []),
  };
}

function severities(record: Json): PackedSeverity[] {
  const word = wordSeverity(record.Severity, '', 1);
  const vectors = objectsOf(record.CVSS)
    .map((item) => vectorSeverity(item.vector_string, item.version, '', 2))
    .filter((one) => one !== undefined);
  return word ? [word, ...vectors] : vectors;
}

function packageOf(fix: Json, recordNamespace: string, anomaly: (text: string) => void): AdvisoryPackage | undefined {
  const name = textOf(fix.Name);
  const format = textOf(fix.VersionFormat).toLowerCase();
  const ecosystem = ECOSYSTEMS[format];
  const namespace = textOf(fix.NamespaceName) || recordNamespace;
  const match = /^([^:]+):([^+]*)(?:\+(.+))?$/.exec(namespace);
  if (name === '' || ecosystem === undefined || !match) {
    anomaly(
      ecosystem === undefined ? `unknown version format ${format.slice(0, 20)}` : 'fix without package or release',
    );
    return undefined;
  }
  const version = textOf(fix.Version);
  // Version 0 says "never affected"; Alpine's matching needs it as a range that nothing lies in.
  const unaffected = version === '0' && ecosystem !== 'apk';
  const found: AdvisoryPackage = {
    ecosystem,
    name,
    system: systemName(match[1] ?? '', match[2] ?? '', match[3] ?? ''),
    affected: !unaffected,
    ranges: [unaffected ? [format, '', '', 'not-affected'] : rangeOf(fix, format, version)],
  };
  if (ecosystem === 'rpm' && 'Module' in fix) found.qualifiers = { module: textOf(fix.Module) };
  return found;
}

function rangeOf(fix: Json, format: string, version: string): PackedRange {
  const stated = textOf(fix.VulnerableRange);
  const advisory = isObject(fix.VendorAdvisory) ? fix.VendorAdvisory : {};
  if (version === 'None' || version === '') {
    return [format, stated, '', advisory.NoAdvisory === true ? 'wont-fix' : 'not-fixed'];
  }
  const available = isObject(fix.Available) ? dayOf(fix.Available.Date) || dayOf(fix.Available.date) : '';
  const advisories = objectsOf(advisory.AdvisorySummary)
    .map((one) => textOf(one.ID))
    .filter((one) => one !== '');
  const range: PackedRange = [format, stated === '' ? constraintOf([['<', version]]) : stated, version, 'fixed'];
  if (available !== '' || advisories.length > 0) range.push(available);
  if (advisories.length > 0) range.push(advisories);
  return range;
}
