import { isObject, type Json, objectsOf } from '#shared/json-object.ts';
import type { PackedRange, PackedSeverity } from '../index/format.ts';
import { osvPackageName } from '../osv/ecosystems.ts';
import { constraintOf } from '../sources/constraint-text.ts';
import { vectorSeverity, wordSeverity } from '../sources/severity-words.ts';
import type { Advisory, AdvisoryPackage } from '../sources/types.ts';
import { dayOf, textOf, textsOf, timeOf } from '../sources/types.ts';

/** `[ecosystem of the index, range type]` by the word that the records use. */
const ECOSYSTEMS: Readonly<Record<string, [string, string]>> = {
  actions: ['github-action', 'github-action'],
  'github-action': ['github-action', 'github-action'],
  composer: ['php-composer', 'composer'],
  php: ['php-composer', 'composer'],
  dart: ['dart-pub', 'pub'],
  pub: ['dart-pub', 'pub'],
  dotnet: ['dotnet', 'nuget'],
  nuget: ['dotnet', 'nuget'],
  erlang: ['hex', 'hex'],
  hex: ['hex', 'hex'],
  gem: ['gem', 'gem'],
  rubygems: ['gem', 'gem'],
  ruby: ['gem', 'gem'],
  go: ['go-module', 'go'],
  java: ['java-archive', 'java'],
  maven: ['java-archive', 'java'],
  npm: ['npm', 'npm'],
  javascript: ['npm', 'npm'],
  pip: ['python', 'python'],
  python: ['python', 'python'],
  rust: ['rust-crate', 'rust'],
  swift: ['swift', 'swift'],
};

/** Reads an advisory of GitHub (envelope schema `github-security-advisory`, 1.x). */
export function readGithubRecord(item: Json, provider: string, anomaly: (text: string) => void): Advisory | undefined {
  const record = isObject(item.Advisory) ? item.Advisory : {};
  const id = textOf(record.ghsaId);
  if (id === '') {
    anomaly('record without id');
    return undefined;
  }
  const metadata = isObject(record.Metadata) ? record.Metadata : {};
  const withdrawn = timeOf(record.withdrawn);
  const url = textOf(record.url);
  return {
    id,
    provider,
    status: withdrawn === '' ? 'active' : 'rejected',
    published: timeOf(record.published),
    modified: timeOf(record.updated),
    withdrawn,
    description: textOf(record.Summary),
    links: [...new Set([url, ...objectsOf(record.references).map((one) => textOf(one.url))])].filter(
      (one) => one !== '',
    ),
    aliases: [...new Set([...textsOf(record.CVE), ...textsOf(metadata.CVE)])],
    covers: [],
    severities: severities(record),
    cwes: [],
    packages: objectsOf(record.FixedIn).flatMap((fix) => packageOf(fix, textOf(record.namespace), anomaly) ?? []),
  };
}

function severities(record: Json): PackedSeverity[] {
  const first = isObject(record.CVSS) ? record.CVSS : {};
  const found = [
    wordSeverity(record.Severity, '', 0),
    ...objectsOf(record.cvss_severities).map((one) => vectorSeverity(one.vector, one.version, '', 1)),
    vectorSeverity(first.vector_string, first.version, '', 1),
  ].filter((one): one is PackedSeverity => one !== undefined);
  return found.filter((one, at) => found.findIndex((other) => other[1] === one[1]) === at);
}

function packageOf(fix: Json, namespace: string, anomaly: (text: string) => void): AdvisoryPackage | undefined {
  const language = (textOf(fix.ecosystem) || namespace.replace(/^github:/, '')).toLowerCase();
  const place = ECOSYSTEMS[language];
  const name = textOf(fix.name);
  if (!place || name === '') {
    anomaly(place ? 'fix without package' : `unknown ecosystem ${language.slice(0, 40)}`);
    return undefined;
  }
  const [ecosystem, type] = place;
  const version = textOf(fix.identifier);
  const available = isObject(fix.available) ? dayOf(fix.available.date) : '';
  const constraint = readRange(textOf(fix.range));
  const range: PackedRange =
    version === '' || version === 'None' ? [type, constraint, '', 'not-fixed'] : [type, constraint, version, 'fixed'];
  if (range[3] === 'fixed' && available !== '') range.push(available);
  return { ecosystem, name: osvPackageName(ecosystem, name), affected: true, ranges: [range] };
}

/** `>= 1.7.1 <= 1.8.3` with the "and" written out; what is no list of bounds stays as it is and is judged as doubtful. */
function readRange(text: string): string {
  const bounds = [...text.matchAll(/(<=|>=|==|=|<|>)\s*([^\s,<>=|]+)/g)];
  const rest = text.replace(/(<=|>=|==|=|<|>)\s*([^\s,<>=|]+)/g, '').replace(/[\s,]/g, '');
  if (bounds.length === 0 || rest !== '') return text;
  return constraintOf(bounds.map(([, operator = '=', version = '']) => [operator === '==' ? '=' : operator, version]));
}
