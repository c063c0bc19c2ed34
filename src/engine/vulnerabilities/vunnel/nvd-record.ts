import { isObject, type Json, objectsOf } from '#shared/json-object.ts';
import type { PackedCpe, PackedQualifiers, PackedRange } from '../index/format.ts';
import { constraintOf } from '../sources/constraint-text.ts';
import { nvdSeverities } from '../sources/severity-words.ts';
import type { Advisory, AdvisoryPackage } from '../sources/types.ts';
import { dayOf, textOf, textsOf, timeOf } from '../sources/types.ts';

/** Reads a CVE as NVD's API 2.0 serves it (envelope schema `nvd`, 1.x). */
export function readNvdRecord(item: Json, provider: string, anomaly: (text: string) => void): Advisory | undefined {
  const record = isObject(item.cve) ? item.cve : item;
  const id = textOf(record.id);
  if (id === '') {
    anomaly('record without id');
    return undefined;
  }
  const descriptions = objectsOf(record.descriptions);
  const english = descriptions.find((one) => textOf(one.lang).startsWith('en')) ?? descriptions[0];
  const weaknesses = objectsOf(record.weaknesses).flatMap((one) => objectsOf(one.description));
  return {
    id,
    provider,
    status: statusOf(record),
    published: timeOf(record.published),
    modified: timeOf(record.lastModified),
    withdrawn: '',
    description: textOf(english?.value),
    links: [...new Set(objectsOf(record.references).map((one) => textOf(one.url)))].filter((url) => url !== ''),
    aliases: [],
    covers: [],
    severities: nvdSeverities(record.metrics),
    cwes: [...new Set(weaknesses.map((one) => textOf(one.value)))].filter((cwe) => /^CWE-\d+$/.test(cwe)),
    packages: objectsOf(record.configurations).flatMap((configuration) => packagesOf(configuration, anomaly)),
  };
}

function statusOf(record: Json): string {
  const status = textOf(record.vulnStatus).toLowerCase();
  if (status === 'rejected') return 'rejected';
  const tags = Array.isArray(record.cveTags) ? record.cveTags : [];
  const disputed = tags.some((tag) => isObject(tag) && textsOf(tag.tags).includes('disputed'));
  return disputed ? 'disputed' : 'active';
}

/** Vulnerable CPEs of a configuration; with "and", those that are not vulnerable are the platforms that it needs. */
function packagesOf(configuration: Json, anomaly: (text: string) => void): AdvisoryPackage[] {
  const nodes = objectsOf(configuration.nodes);
  const all = nodes.flatMap((node) => (node.negate === true ? [] : objectsOf(node.cpeMatch)));
  if (nodes.some((node) => node.negate === true)) anomaly('negated CPE configuration');
  const together = textOf(configuration.operator).toUpperCase() === 'AND';
  const platforms = together
    ? all.filter((match) => match.vulnerable === false).map((match) => textOf(match.criteria))
    : [];
  const byCpe = new Map<string, { cpe: PackedCpe; ranges: PackedRange[] }>();
  for (const match of all) {
    if (match.vulnerable === false) continue;
    const fields = cpeFields(textOf(match.criteria));
    if (!fields) {
      anomaly('unreadable CPE');
      continue;
    }
    const key = fields.cpe.join('\u0001');
    const entry = byCpe.get(key) ?? { cpe: fields.cpe, ranges: [] };
    entry.ranges.push(rangeOf(match, fields));
    byCpe.set(key, entry);
  }
  const qualifiers: PackedQualifiers | undefined = platforms.length > 0 ? { platformCpes: platforms } : undefined;
  return [...byCpe.values()].map(({ cpe, ranges }) => ({
    ecosystem: '',
    name: '',
    affected: true,
    ranges,
    cpe,
    ...(qualifiers ? { qualifiers } : {}),
  }));
}

interface CpeFields {
  cpe: PackedCpe;
  version: string;
  update: string;
}

/** Fields of a CPE 2.3 formatted string; undefined when it is none, or names no product. */
function cpeFields(text: string): CpeFields | undefined {
  if (!text.startsWith('cpe:2.3:')) return undefined;
  const parts = text.slice(8).split(/(?<!\\):/);
  const [
    part = '',
    vendor,
    product,
    version = '*',
    update = '*',
    edition,
    language,
    software,
    target,
    hardware,
    other,
  ] = parts;
  const plain = (value: string | undefined): string =>
    value === undefined || value === '*' ? '' : value.replace(/\\(.)/g, '$1').toLowerCase();
  if (!/^[aoh*]$/.test(part) || plain(product) === '') return undefined;
  return {
    cpe: [
      part,
      plain(vendor),
      plain(product),
      plain(edition),
      plain(language),
      plain(software),
      plain(hardware),
      plain(target),
      plain(other),
    ],
    version: version.replace(/\\(.)/g, '$1'),
    update: update.replace(/\\(.)/g, '$1'),
  };
}

const FORMATS: Readonly<Record<string, string>> = {
  go: 'go',
  golang: 'go',
  'node.js': 'npm',
  nodejs: 'npm',
  npm: 'npm',
  python: 'python',
  pypi: 'python',
  ruby: 'gem',
  rust: 'rust',
};

/** Kind of versions: that of the software it is for, Java runtimes by their own. */
function formatOf({ cpe }: CpeFields): string {
  const [, vendor, product] = cpe;
  if (/^(?:jdk|jre|openjdk)$/.test(product) && /^(?:oracle|sun|openjdk|eclipse|ibm|azul)$/.test(vendor)) return 'jvm';
  return FORMATS[cpe[7]] ?? '';
}

function rangeOf(match: Json, fields: CpeFields): PackedRange {
  const type = formatOf(fields);
  const bounds = (
    [
      ['>=', textOf(match.versionStartIncluding)],
      ['>', textOf(match.versionStartExcluding)],
      ['<=', textOf(match.versionEndIncluding)],
      ['<', textOf(match.versionEndExcluding)],
    ] as const
  ).filter(([, version]) => version !== '');
  if (bounds.length === 0 && fields.version !== '*' && fields.version !== '-' && fields.version !== '') {
    const update = ['*', '-', ''].includes(fields.update) ? '' : `-${fields.update}`;
    return [type, constraintOf([['=', `${fields.version}${update}`]])];
  }
  const fix = isObject(match.fix) ? match.fix : {};
  const version = textOf(fix.version) || textOf(match.versionEndExcluding);
  const range: PackedRange = [type, constraintOf(bounds)];
  if (version !== '') range.push(version, 'fixed');
  const date = dayOf(fix.date);
  if (version !== '' && date !== '') range.push(date);
  return range;
}
