import { isObject, type Json } from '#shared/json-object.ts';
import { readOsvRecord } from '../osv/read-record.ts';
import { release } from '../sources/end-of-life.ts';
import { readKnownExploited } from '../sources/known-exploited.ts';
import type { Advisory, SourceItem } from '../sources/types.ts';
import { textOf, timeOf } from '../sources/types.ts';
import { readGithubRecord } from './github-record.ts';
import { readNvdRecord } from './nvd-record.ts';
import { readOsRecord } from './os-record.ts';

/** Whether a value is a result of a vulnerability data provider: `{schema, identifier, item}`. */
export function isEnvelope(value: Json): boolean {
  return typeof value.schema === 'string' && isObject(value.item);
}

/** Kind of an envelope by the URL of its schema, which ends in `<kind>/schema-<version>.json`. */
function kindOf(schema: string): { kind: string; major: string } {
  const match = /\/([a-z-]+)\/schema-(\d+)[\d.]*\.json$/.exec(schema);
  return { kind: match?.[1] ?? '', major: match?.[2] ?? '' };
}

/**
 * Reads one result. `folder` is the provider's, above `results/`; a result that lies elsewhere is that of the provider
 * which its kind tells. What cannot be read is told as an anomaly.
 */
export function* readEnvelope(envelope: Json, folder: string | undefined): Generator<SourceItem> {
  const schema = textOf(envelope.schema);
  const { kind, major } = kindOf(schema);
  const item = envelope.item as Json;
  const lost: string[] = [];
  const anomaly = (text: string): void => void lost.push(text);
  if (major !== '1') {
    yield { kind: 'anomaly', text: `results of schema ${schema.split('/').slice(-2).join('/').slice(0, 60)}` };
    return;
  }
  const provider = folder ?? providerOf(kind, item);
  let advisory: Advisory | undefined;
  if (kind === 'os') advisory = readOsRecord(item, provider, anomaly);
  else if (kind === 'github-security-advisory') advisory = readGithubRecord(item, provider, anomaly);
  else if (kind === 'nvd') advisory = readNvdRecord(item, provider, anomaly);
  else if (kind === 'osv') advisory = readOsvRecord(item, anomaly, folder);
  else if (kind === 'known-exploited') yield readKnownExploited(item);
  else if (kind === 'epss') yield readScore(item);
  else if (kind === 'eol') yield* release(textOf(item.product), item);
  else yield { kind: 'anomaly', text: `results of kind ${kind.slice(0, 40)}` };
  if (advisory) yield { kind: 'advisory', advisory };
  for (const text of lost) yield { kind: 'anomaly', text };
}

function providerOf(kind: string, item: Json): string {
  if (kind === 'nvd') return 'nvd';
  if (kind === 'github-security-advisory') return 'github';
  const record = isObject(item.Vulnerability) ? item.Vulnerability : {};
  const distribution = textOf(record.NamespaceName).split(':')[0] ?? '';
  return { ol: 'oracle', amzn: 'amazon', azurelinux: 'mariner' }[distribution] ?? (distribution || 'unknown');
}

function readScore(item: Json): SourceItem {
  const { epss, percentile } = item;
  const cve = textOf(item.cve);
  if (cve === '' || typeof epss !== 'number' || typeof percentile !== 'number')
    return { kind: 'anomaly', text: 'unreadable EPSS entry' };
  return { kind: 'epss', cve, score: epss, percentile, date: timeOf(item.date) };
}

/** What `metadata.json` beside the results says. */
export function readProviderMetadata(value: Json): SourceItem | undefined {
  const provider = textOf(value.provider);
  const capturedAt = timeOf(value.timestamp);
  if (provider === '' || capturedAt === '') return undefined;
  const version = typeof value.version === 'number' ? String(value.version) : textOf(value.version);
  return { kind: 'provider', provider, capturedAt, version };
}
