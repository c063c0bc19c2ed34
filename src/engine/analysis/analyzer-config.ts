import { parse } from 'yaml';
import { isObject, type Json } from '#shared/json-object.ts';
import { translatePythonSyntax } from '#shared/python-regex.ts';
import type { AnalyzerSettings } from '../analyzers/types.ts';

/** A file of analyzer settings that cannot be used. */
export class AnalyzerConfigError extends Error {
  override name = 'AnalyzerConfigError';
}

/**
 * Reads `analyzer_config.yaml` in the form that Anchore's analyzer has:
 *
 * - `retrieve_files`: `file_list` of exact paths, `max_file_size_kb`
 * - `secret_search` and `content_search`: `regexp_match`, a list of `NAME=expression` in Python's dialect, and `match_params` with
 *   `MAXFILESIZE=bytes`; a secret search without `regexp_match` keeps the built-in rules
 *
 * Returns what it says over `defaults`, and keys that mean nothing here. Throws AnalyzerConfigError with all reasons.
 */
export function readAnalyzerConfig(
  source: string,
  defaults: AnalyzerSettings,
): { settings: AnalyzerSettings; unused: string[] } {
  let document: unknown;
  try {
    document = parse(source, { maxAliasCount: 100 }) ?? {};
  } catch (cause) {
    throw new AnalyzerConfigError(`it is no YAML: ${(cause as Error).message.split('\n', 1)[0]}`, { cause });
  }
  if (!isObject(document)) throw new AnalyzerConfigError('it is no YAML object');
  const { retrieve_files: files, secret_search: secrets, content_search: content, ...rest } = document;
  const errors: string[] = [];
  const settings: AnalyzerSettings = { ...defaults };
  if (isObject(files)) {
    if (files.file_list !== undefined) settings.retrieveFiles = paths(files.file_list, errors);
    const limit = Number(files.max_file_size_kb ?? defaults.retrieveMaxFileSize / 1024);
    if (limit > 0 && limit <= 64 * 1024) settings.retrieveMaxFileSize = Math.round(limit * 1024);
    else errors.push('retrieve_files.max_file_size_kb is no number from 1 to 65536');
  }
  if (isObject(secrets)) {
    if (secrets.regexp_match !== undefined) settings.secretRules = rules('secret_search', secrets.regexp_match, errors);
    settings.secretSearchMaxFileSize = fileSize('secret_search', secrets, errors) ?? settings.secretSearchMaxFileSize;
  }
  if (isObject(content)) {
    settings.contentRules = rules('content_search', content.regexp_match, errors);
    // Both searches read the same files: the larger limit counts.
    const limit = fileSize('content_search', content, errors) ?? 0;
    settings.secretSearchMaxFileSize = Math.max(settings.secretSearchMaxFileSize, limit);
  }
  if (errors.length > 0) throw new AnalyzerConfigError(errors.join('; '));
  return { settings, unused: Object.keys(rest) };
}

function paths(value: unknown, errors: string[]): string[] {
  const list = value === null ? [] : value;
  if (!Array.isArray(list) || !list.every((one) => typeof one === 'string' && one.startsWith('/'))) {
    errors.push('retrieve_files.file_list is no list of absolute paths');
    return [];
  }
  return list as string[];
}

/** Rules `NAME=expression`; nothing at all is an empty list. */
function rules(key: string, value: unknown, errors: string[]): { name: string; regex: string }[] {
  const list = value ?? [];
  if (!Array.isArray(list)) {
    errors.push(`${key}.regexp_match is no list`);
    return [];
  }
  return list.flatMap((one) => {
    const [, name, regex] = /^([^=]+)=([\s\S]+)$/.exec(typeof one === 'string' ? one : '') ?? [];
    if (name === undefined || regex === undefined) {
      errors.push(`${key}: ${JSON.stringify(one)} is not of the form NAME=expression`);
      return [];
    }
    try {
      translatePythonSyntax(regex, { singleLines: true });
    } catch (error) {
      errors.push(`${key}: the expression of ${name} cannot be used: ${(error as Error).message}`);
    }
    return [{ name: name.trim(), regex }];
  });
}

function fileSize(key: string, section: Json, errors: string[]): number | undefined {
  for (const parameter of Array.isArray(section.match_params) ? section.match_params : []) {
    const stated = /^MAXFILESIZE=(.*)$/.exec(String(parameter))?.[1];
    if (stated === undefined) continue;
    const bytes = Number(stated);
    if (Number.isInteger(bytes) && bytes > 0 && bytes <= 1 << 30) return bytes;
    errors.push(`${key}: MAXFILESIZE is no number of bytes`);
  }
  return undefined;
}
