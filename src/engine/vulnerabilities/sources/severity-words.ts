import { isObject, type Json, objectsOf } from '#shared/json-object.ts';
import type { PackedSeverity } from '../index/format.ts';
import { textOf } from './types.ts';

/** A severity word; undefined for an empty or unknown one. */
export function wordSeverity(value: unknown, source: string, rank: number): PackedSeverity | undefined {
  const word = textOf(value).trim().toLowerCase();
  return word === '' || word === 'unknown' ? undefined : ['CHML', word, '', source, rank];
}

/** A CVSS vector; its version is read from its prefix where it has one. */
export function vectorSeverity(
  vector: unknown,
  version: unknown,
  source: string,
  rank: number,
): PackedSeverity | undefined {
  const text = textOf(vector);
  if (text === '') return undefined;
  const prefix = /^CVSS:([0-9.]+)\//.exec(text)?.[1];
  return ['CVSS', text, prefix ?? (textOf(version) || '2.0'), source, rank];
}

/** Metrics of NVD API 2.0: primary ones first, newer versions of CVSS before older. */
export function nvdSeverities(metrics: unknown): PackedSeverity[] {
  if (!isObject(metrics)) return [];
  const found: { primary: boolean; order: number; item: Json }[] = [];
  const kinds = ['cvssMetricV40', 'cvssMetricV31', 'cvssMetricV30', 'cvssMetricV2'];
  kinds.forEach((kind, order) => {
    for (const item of objectsOf(metrics[kind])) found.push({ primary: textOf(item.type) === 'Primary', order, item });
  });
  found.sort((a, b) => Number(b.primary) - Number(a.primary) || a.order - b.order);
  return found.flatMap(({ item, primary }) => {
    const data = isObject(item.cvssData) ? item.cvssData : {};
    const severity = vectorSeverity(data.vectorString, data.version, textOf(item.source), primary ? 1 : 2);
    return severity ? [severity] : [];
  });
}
