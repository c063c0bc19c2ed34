import type { Correction, CorrectionFieldMatch } from '#contract/corrections.ts';
import type { Analysis } from '#engine/model/analysis.ts';
import type { Package } from '#engine/model/package.ts';
import { parseCpe } from '#engine/vulnerabilities/index.ts';
import { coversType, type FieldValue, packageFields } from './package-fields.ts';

/** A correction as it is applied. */
export interface StoredCorrection extends Pick<Correction, 'match' | 'replace'> {
  uuid: string;
}

/** A package that corrections changed, with those that did. */
export interface CorrectedPackage {
  package: Package;
  corrections: string[];
}

/** Applies the corrections that match the package as found, in their order; undefined when none does. */
export function applyCorrections(
  analysis: Analysis,
  pkg: Package,
  corrections: readonly StoredCorrection[],
): CorrectedPackage | undefined {
  const candidates = corrections.filter((one) => coversType(one.match.type, pkg));
  if (candidates.length === 0) return undefined;
  const fields = packageFields(analysis, pkg);
  const fitting = candidates.filter((one) => (one.match.field_matches ?? []).every((match) => holds(fields, match)));
  if (fitting.length === 0) return undefined;
  let corrected = pkg;
  for (const { replace } of fitting) corrected = replaceFields(corrected, fields, replace);
  return { package: corrected, corrections: fitting.map((one) => one.uuid) };
}

/** A text field must be equal, a list must contain the value. */
function holds(fields: ReadonlyMap<string, FieldValue>, { field_name, field_value }: CorrectionFieldMatch): boolean {
  const value = fields.get(field_name);
  return Array.isArray(value) ? value.includes(field_value) : value === field_value;
}

/** Sets fields of a package. Several values for one list become the list; of other fields the last value counts. */
function replaceFields(
  pkg: Package,
  found: ReadonlyMap<string, FieldValue>,
  replace: readonly CorrectionFieldMatch[],
): Package {
  const values = new Map<string, string[]>();
  for (const { field_name, field_value } of replace)
    values.set(field_name, [...(values.get(field_name) ?? []), field_value]);
  const last = (...names: string[]) =>
    names.map((name) => values.get(name)?.at(-1)).find((value) => value !== undefined);
  // Templates see the fields as they are after the replacement.
  const known = new Map(found);
  for (const [name, list] of values) if (name !== 'cpes') known.set(name, list.at(-1) ?? '');
  const name = last('package', 'name');
  if (name !== undefined) for (const key of ['package', 'name']) known.set(key, name);
  const version = last('version');
  const cpes = values
    .get('cpes')
    ?.map((text) => fillTemplate(text, known))
    .filter((text) => parseCpe(text) !== undefined);
  const purl = last('purl');
  const arch = last('arch');
  const metadata = { ...pkg.metadata, ...pick({ groupId: last('groupId'), artifactId: last('artifactId') }) };
  return {
    ...pkg,
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(arch === undefined ? {} : { arch }),
    ...(purl === undefined ? renamedPurl(pkg, name) : { purl }),
    // Without CPEs of their own, those of the package follow its version.
    cpes: cpes ?? (version === undefined ? pkg.cpes : pkg.cpes.map((cpe) => withVersion(cpe, pkg.version, version))),
    metadata,
  };
}

/** The package URL of a jar takes part in the search: it must not contradict a new name. */
function renamedPurl(pkg: Package, name: string | undefined): { purl?: string } {
  if (name === undefined || pkg.purl === undefined) return pkg.purl === undefined ? {} : { purl: pkg.purl };
  const renamed = pkg.purl.replace(
    /^(pkg:maven\/[^/@?#]+\/)[^@?#]+/,
    (_, start: string) => start + encodeURIComponent(name),
  );
  return { purl: renamed };
}

function pick(record: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** `cpe:2.3:a:vendor:{package}:{version}:…`: braces name fields. A field without a value stands for any. */
export function fillTemplate(text: string, fields: ReadonlyMap<string, FieldValue>): string {
  return text.replace(/\{([\w-]+)\}/g, (_, name: string) => {
    const value = fields.get(name);
    const first = Array.isArray(value) ? value[0] : value;
    return first === undefined || first === '' || first === 'N/A' ? '*' : cpeValue(first);
  });
}

/** Escapes what a CPE 2.3 formatted string keeps for itself (NISTIR 7695, 6.2). */
function cpeValue(value: string): string {
  return value.replace(/[^\w.-]/g, (character) => `\\${character}`);
}

function withVersion(cpe: string, before: string, after: string): string {
  const parts = cpe.split(/(?<!\\):/);
  if (parts[0] !== 'cpe' || parts[1] !== '2.3' || parts[5] === undefined) return cpe;
  if (parts[5].replaceAll('\\', '') !== before) return cpe;
  return [...parts.slice(0, 5), cpeValue(after), ...parts.slice(6)].join(':');
}
