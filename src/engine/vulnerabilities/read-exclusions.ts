import { isObject, type Json, objectsOf } from '#shared/json-object.ts';
import type { PackageType } from '../model/package.ts';
import { textsOf } from './sources/types.ts';
import type { MatchExclusion } from './types.ts';

/** What a file of exclusions holds, and what of it could not be used. */
export interface ExclusionFile {
  exclusions: MatchExclusion[];
  /** One sentence for each record that is left out. */
  problems: string[];
}

/** More records than this are not read. */
const MAX_RECORDS = 100_000;

/**
 * Reads exclusions in the shape of the vunnel match exclusion schema 1.0.0: one record, a list of records, or one record
 * a line; a record may stand in an envelope under `item`. Each is `{id, exclusions: [{justification, constraints:
 * [{namespaces, packages: [{language, type, name, versions, locations}]}]}]}`; an exclusion without constraints holds for
 * all packages. Matches belong to packages wherever they lie, so that an exclusion with places cannot be applied. Never
 * throws: what cannot be read or applied is a problem.
 */
export function readExclusions(text: string): ExclusionFile {
  const file: ExclusionFile = { exclusions: [], problems: [] };
  const records = parse(text, file.problems);
  if (records.length > MAX_RECORDS) file.problems.push(`only the first ${MAX_RECORDS} records are read`);
  for (const [at, record] of records.slice(0, MAX_RECORDS).entries()) {
    const item = isObject(record) && isObject(record.item) ? record.item : record;
    const id = isObject(item) ? item.id : undefined;
    if (!isObject(item) || typeof id !== 'string' || id === '' || !Array.isArray(item.exclusions)) {
      file.problems.push(`record ${at + 1} has no id or no exclusions`);
      continue;
    }
    for (const exclusion of item.exclusions) readExclusion(id, exclusion, file);
  }
  return file;
}

function parse(text: string, problems: string[]): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.flatMap((line, at): unknown[] => {
      try {
        return [JSON.parse(line)];
      } catch {
        problems.push(`line ${at + 1} is not JSON`);
        return [];
      }
    });
  }
}

function readExclusion(id: string, value: unknown, file: ExclusionFile): void {
  const exclusion = isObject(value) ? value : {};
  const justification = typeof exclusion.justification === 'string' ? exclusion.justification.trim() : '';
  if (justification === '') {
    file.problems.push(`an exclusion of ${id} has no justification`);
    return;
  }
  const base = { vulnerability: id, justification };
  if (exclusion.constraints === undefined) {
    file.exclusions.push(base);
    return;
  }
  for (const constraint of objectsOf(exclusion.constraints)) {
    const namespaces = textsOf(constraint.namespaces);
    const scoped = namespaces.length === 0 ? base : { ...base, namespaces };
    if (constraint.packages === undefined) file.exclusions.push(scoped);
    for (const pkg of objectsOf(constraint.packages)) {
      if (textsOf(pkg.locations).length === 0) file.exclusions.push({ ...scoped, package: readPackage(pkg) });
      else file.problems.push(`an exclusion of ${id} names places in an image; it is not applied`);
    }
  }
}

function readPackage(pkg: Json): NonNullable<MatchExclusion['package']> {
  const wanted: NonNullable<MatchExclusion['package']> = {};
  if (typeof pkg.language === 'string') wanted.language = pkg.language;
  if (typeof pkg.type === 'string') wanted.type = pkg.type as PackageType;
  if (typeof pkg.name === 'string') wanted.name = pkg.name;
  if (textsOf(pkg.versions).length > 0) wanted.versions = textsOf(pkg.versions);
  return wanted;
}
