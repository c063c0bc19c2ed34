import { isObject, type Json, objectsOf } from '#shared/json-object.ts';
import { systemName } from './system-names.ts';
import type { SourceItem } from './types.ts';
import { dayOf, textOf } from './types.ts';

/** Products of endoflife.date that are distributions, and their ids. */
const PRODUCTS: Readonly<Record<string, string>> = {
  almalinux: 'almalinux',
  alpine: 'alpine',
  'alpine-linux': 'alpine',
  'amazon-linux': 'amzn',
  'azure-linux': 'azurelinux',
  'cbl-mariner': 'mariner',
  centos: 'centos',
  'centos-stream': 'centos-stream',
  debian: 'debian',
  fedora: 'fedora',
  mageia: 'mageia',
  opensuse: 'opensuse-leap',
  'oracle-linux': 'ol',
  photon: 'photon',
  rhel: 'rhel',
  'rocky-linux': 'rocky',
  sles: 'sles',
  ubuntu: 'ubuntu',
};

/** Whether a value is a product, a list of products or of releases as endoflife.date serves them. */
export function isEndOfLifeDocument(value: unknown): boolean {
  if (Array.isArray(value)) return isObject(value[0]) && 'cycle' in value[0] && 'eol' in value[0];
  if (!isObject(value)) return false;
  const result = value.result;
  return Array.isArray(value.releases) || (isObject(result) && Array.isArray(result.releases)) || Array.isArray(result);
}

/**
 * Reads `/api/<product>.json` (an array of cycles; the product is the file's name), `/api/v1/products/<product>`, or
 * `/api/v1/products/full`.
 */
export function* readEndOfLife(value: unknown, fileName: string): Generator<SourceItem> {
  if (Array.isArray(value)) {
    const product = /([^/]+?)(?:\.json)?$/.exec(fileName)?.[1] ?? '';
    for (const cycle of objectsOf(value)) yield* release(product, cycle);
    return;
  }
  if (!isObject(value)) return;
  const result = value.result ?? value;
  for (const product of Array.isArray(result) ? objectsOf(result) : [result as Json])
    for (const one of objectsOf(product.releases)) yield* release(textOf(product.name), one);
}

/** Reads one release of a product: dates, or false for "not yet" and true for "long ago". */
export function* release(product: string, value: Json): Generator<SourceItem> {
  const id = PRODUCTS[product.toLowerCase()];
  if (id === undefined) return;
  const cycle = textOf(value.cycle) || textOf(value.name) || textOf(value.releaseCycle);
  const endOfLife = dayOf(value.eolFrom) || dayOf(value.eol);
  const endOfActiveSupport = dayOf(value.eoasFrom) || dayOf(value.eoas) || dayOf(value.support);
  if (cycle === '' || (endOfLife === '' && endOfActiveSupport === '')) return;
  yield { kind: 'end-of-life', system: systemName(id, cycle), endOfLife, endOfActiveSupport };
}
