import type { Correction } from '#contract/corrections.ts';
import { parseCpe } from '#engine/vulnerabilities/index.ts';
import { badRequest } from '#shared/errors.ts';

/** Fields that a package has besides these are kept for templates. */
const READ_ONLY = new Set(['type', 'location', 'path', 'size', 'metadata', 'metadata_type']);
const MAX_FIELDS = 100;
const MAX_TEXT = 2_000;

/** Throws 400 for a correction that could never be applied as it is meant. */
export function checkCorrection({ match, replace, description }: Correction): void {
  if (match.type.trim() === '')
    throw badRequest('match.type must name a package type, e.g. os, java, npm, gem, python, go, nuget');
  const matches = match.field_matches ?? [];
  for (const [name, fields] of [
    ['match.field_matches', matches],
    ['replace', replace],
  ] as const) {
    if (fields.length > MAX_FIELDS)
      throw badRequest(`${name} has ${fields.length} entries; at most ${MAX_FIELDS} are taken`);
    for (const [index, field] of fields.entries()) {
      if (field.field_name.trim() === '') throw badRequest(`${name}[${index}].field_name must not be empty`);
      if (field.field_value.length > MAX_TEXT || field.field_name.length > MAX_TEXT)
        throw badRequest(`${name}[${index}] is longer than ${MAX_TEXT} characters`);
    }
  }
  if (replace.length === 0) throw badRequest('replace must name at least one field');
  if (description && description.length > MAX_TEXT)
    throw badRequest(`description is longer than ${MAX_TEXT} characters`);
  for (const [index, { field_name, field_value }] of replace.entries()) {
    if (READ_ONLY.has(field_name)) throw badRequest(`replace[${index}]: the field ${field_name} cannot be replaced`);
    if (['package', 'name', 'version'].includes(field_name) && field_value.trim() === '')
      throw badRequest(`replace[${index}]: ${field_name} must not be empty`);
    const filled = field_value.replace(/\{[\w-]+\}/g, 'x');
    if (field_name === 'cpes' && field_value !== '' && !parseCpe(filled))
      throw badRequest(`replace[${index}]: ${field_value} is no CPE name`);
    if (field_name === 'purl' && field_value !== '' && !/^pkg:[^/]+\/./.test(field_value))
      throw badRequest(`replace[${index}]: ${field_value} is no package URL`);
  }
}
