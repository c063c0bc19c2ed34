import type { IndexMeta, OperatingSystemRow, PackedKev } from '../index/format.ts';
import { indexKey } from '../index/format.ts';
import type { SourceItem } from '../sources/types.ts';
import type { IndexWriter } from './writer.ts';

type Score = Extract<SourceItem, { kind: 'epss' }>;
type LifeCycle = Extract<SourceItem, { kind: 'end-of-life' }>;

/** Facts that are laid over those of the database: the newer ones count. */
export interface Enrichment {
  provider(item: Extract<SourceItem, { kind: 'provider' }>): void;
  /** `age`: when the source was made, for scores without a date of their own. */
  take(item: Score | LifeCycle, age: string | undefined): void;
  /** Writes what was taken; call once, at the end. */
  finish(knownExploited: ReadonlyMap<string, PackedKev>): void;
}

/** Makes the overlay over an index whose database is written and flushed. */
export function enrichment(writer: IndexWriter, meta: IndexMeta): Enrichment {
  const formerScores = meta.epssDate ?? '';
  const formerExploited = meta.providers.find(({ id }) => id === 'kev')?.capturedAt ?? '';
  let scores = 0;
  let scoreDate = '';
  let exploited: { capturedAt: string; whole: boolean } = { capturedAt: '', whole: false };
  const lives: LifeCycle[] = [];

  return {
    provider: ({ provider, capturedAt = '', whole = false }) => {
      if (provider === 'kev' && capturedAt >= exploited.capturedAt) exploited = { capturedAt, whole };
    },
    take: (item, age) => {
      if (item.kind === 'end-of-life') {
        lives.push(item);
        return;
      }
      const date = item.date === '' ? (age ?? '') : item.date;
      const key = indexKey('e', item.cve.toLowerCase());
      if (date.slice(0, 10) < formerScores.slice(0, 10) && writer.get(key) !== undefined) return;
      writer.put(key, [item.score, item.percentile]);
      scores++;
      if (date > scoreDate) scoreDate = date;
    },
    finish: (knownExploited) => {
      writer.flush();
      if (knownExploited.size > 0) {
        writeExploited(writer, knownExploited, exploited, formerExploited);
        setProvider(meta, 'kev', count(writer, indexKey('k', '')), newer(exploited.capturedAt, formerExploited));
      }
      if (scores > 0) {
        const date = newer(scoreDate, formerScores);
        if (date !== '') meta.epssDate = date;
        setProvider(meta, 'epss', count(writer, indexKey('e', '')), date);
      }
      if (lives.length > 0) {
        for (const life of lives) applyLife(meta, life);
        const dated = meta.operatingSystems.filter((row) => row.endOfLife !== undefined).length;
        setProvider(meta, 'eol', dated, '');
      }
    },
  };
}

function newer(a: string, b: string): string {
  return a > b ? a : b;
}

function count(writer: IndexWriter, prefix: string): number {
  writer.flush();
  let found = 0;
  for (const _ of writer.keys(prefix)) found++;
  return found;
}

/** The whole catalogue replaces an older one; an older catalogue only adds what is missing. */
function writeExploited(
  writer: IndexWriter,
  entries: ReadonlyMap<string, PackedKev>,
  own: { capturedAt: string; whole: boolean },
  former: string,
): void {
  const isNewer = own.capturedAt === '' || own.capturedAt >= former;
  if (own.whole && isNewer) {
    const prefix = indexKey('k', '');
    const gone = [...writer.keys(prefix)].filter((key) => !entries.has(key.slice(prefix.length)));
    for (const key of gone) writer.remove(key);
  }
  for (const [cve, entry] of entries) {
    const key = indexKey('k', cve);
    if (isNewer || writer.get(key) === undefined) writer.put(key, entry);
  }
}

function setProvider(meta: IndexMeta, id: string, records: number, capturedAt: string): void {
  const known = meta.providers.find((provider) => provider.id === id);
  if (known) {
    known.records = records;
    if (capturedAt !== '') known.capturedAt = capturedAt;
  } else {
    meta.providers.push({ id, version: '', records, ...(capturedAt === '' ? {} : { capturedAt }) });
  }
}

function applyLife(meta: IndexMeta, { system, endOfLife, endOfActiveSupport }: LifeCycle): void {
  const ofMajor = meta.operatingSystems.filter(
    (row) =>
      (row.name.toLowerCase() === system.name || row.releaseId.toLowerCase() === system.releaseId) &&
      row.major === system.major &&
      (system.label === '' || row.label.toLowerCase() === system.label),
  );
  const rows = ofMajor.filter((row) => system.minor === '' || row.minor === system.minor);
  // A row without records would hide those of the major release from its images.
  if (ofMajor.length === 0 && system.label === '') {
    const added: OperatingSystemRow = { ...system, codename: '', records: 0 };
    meta.operatingSystems.push(added);
    rows.push(added);
  }
  for (const row of rows) {
    if (endOfLife !== '') row.endOfLife = `${endOfLife}T00:00:00Z`;
    if (endOfActiveSupport !== '') row.endOfActiveSupport = `${endOfActiveSupport}T00:00:00Z`;
  }
}
