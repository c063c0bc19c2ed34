import { DatabaseSync } from 'node:sqlite';
import { isObject, type Json, objectsOf } from '#shared/json-object.ts';
import { FeedError } from '../feed-error.ts';
import { isOsvRecord, readOsvRecord } from '../osv/read-record.ts';
import { isEnvelope, readEnvelope, readProviderMetadata } from '../vunnel/envelope.ts';
import { readNvdRecord } from '../vunnel/nvd-record.ts';
import { documents } from './documents.ts';
import { isEndOfLifeDocument, readEndOfLife } from './end-of-life.ts';
import { readEpss } from './epss.ts';
import { isKnownExploitedCatalogue, readKnownExploitedCatalogue } from './known-exploited.ts';
import type { SourceItem } from './types.ts';
import { textOf } from './types.ts';

/**
 * Reads a source of any kind but a Grype database: OSV records, provider results, the catalogue of known exploited
 * vulnerabilities, EPSS scores, end-of-life dates; as file, archive or folder. What a document is, its content tells.
 * Throws `FeedError` when the source is broken as a whole, or holds nothing of use.
 */
export async function* readSource(
  path: string,
  options: { name: string; scratch: string },
): AsyncGenerator<SourceItem> {
  let useful = 0;
  for await (const document of documents(path, options.scratch)) {
    if ('problem' in document) {
      yield { kind: 'anomaly', text: document.problem };
      continue;
    }
    const folder = providerFolder(document.path);
    const items =
      'lines' in document
        ? readEpss(document.lines)
        : 'sqlite' in document
          ? readResultTable(document.sqlite, folder)
          : readDocument(document.json, document.path, folder);
    for await (const item of items) {
      if (item.kind !== 'anomaly' && item.kind !== 'provider') useful++;
      yield item;
    }
  }
  if (useful === 0)
    throw new FeedError('corrupt', `the source ${options.name} holds no advisories, scores or dates that can be read`);
}

/** The folder above `results/` is named after the provider. */
function providerFolder(path: string): string | undefined {
  return /(?:^|\/)([^/]+)\/(?:results\/|metadata\.json$)/.exec(path)?.[1];
}

function* readDocument(value: unknown, path: string, provider: string | undefined): Generator<SourceItem> {
  if (isEndOfLifeDocument(value)) yield* readEndOfLife(value, path);
  else if (Array.isArray(value)) for (const item of value) yield* readDocument(item, path, provider);
  else if (isObject(value)) yield* readObject(value, path, provider);
  else yield { kind: 'anomaly', text: 'document of no known format' };
}

function* readObject(value: Json, path: string, provider: string | undefined): Generator<SourceItem> {
  if (isEnvelope(value)) yield* readEnvelope(value, provider);
  else if (isKnownExploitedCatalogue(value)) yield* readKnownExploitedCatalogue(value);
  else if (isOsvRecord(value)) yield* readOsv(value);
  else if (textOf(value.format) === 'NVD_CVE') yield* readNvdPage(value);
  else if (Array.isArray(value.vulns)) for (const one of objectsOf(value.vulns)) yield* readOsv(one);
  else if (/(?:^|\/)metadata\.json$/.test(path)) {
    const found = readProviderMetadata(value);
    if (found) yield found;
  } else yield { kind: 'anomaly', text: 'document of no known format' };
}

function* readOsv(record: Json): Generator<SourceItem> {
  const lost: string[] = [];
  const advisory = readOsvRecord(record, (text) => void lost.push(text));
  yield { kind: 'advisory', advisory };
  for (const text of lost) yield { kind: 'anomaly', text };
}

function* readNvdPage(page: Json): Generator<SourceItem> {
  for (const one of objectsOf(page.vulnerabilities)) {
    const lost: string[] = [];
    const advisory = readNvdRecord(one, 'nvd', (text) => void lost.push(text));
    if (advisory) yield { kind: 'advisory', advisory };
    for (const text of lost) yield { kind: 'anomaly', text };
  }
}

/** Results of a provider that keeps them in a table `results` of SQLite: an envelope in the column `record`. */
function* readResultTable(file: string, provider: string | undefined): Generator<SourceItem> {
  const database = open(file);
  try {
    const rows = database.prepare('SELECT record FROM results ORDER BY id').iterate() as Iterable<Json>;
    for (const { record } of rows) {
      const text = record instanceof Uint8Array ? Buffer.from(record).toString('utf8') : textOf(record);
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        yield { kind: 'anomaly', text: 'unreadable JSON' };
        continue;
      }
      yield* readDocument(value, '', provider);
    }
  } catch (error) {
    throw new FeedError(
      'corrupt',
      `the results of ${provider ?? 'a provider'} cannot be read: ${(error as Error).message}`,
      error,
    );
  } finally {
    database.close();
  }
}

function open(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { readOnly: true });
  } catch (cause) {
    throw new FeedError('corrupt', 'a file of results is no readable SQLite file', cause);
  }
}
