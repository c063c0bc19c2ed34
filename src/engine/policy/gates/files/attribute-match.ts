import type { FileRecord } from '../../../model/analysis.ts';
import { defineTrigger } from '../../gate.ts';
import { defaulted, flag, oneOf, optional, type ParameterValues, required, text } from '../../parameter.ts';
import { modeText, parseMode } from './file-mode.ts';

const equality = oneOf(['equals', 'not_equals']);

const parameters = {
  filename: required(text, { description: 'Absolute path.', example: '/etc/passwd' }),
  checksum_algorithm: defaulted(oneOf(['sha256']), 'sha256', { description: 'Checksum algorithm.', example: 'sha256' }),
  checksum: optional(text, {
    description: 'Checksum in hexadecimal.',
    example: '832cd0f75b227d13aac82b1f70b7f90191a4186c151f9db50851d209c45ede11',
  }),
  checksum_match: defaulted(equality, 'equals', { description: 'How the checksum is compared.', example: 'equals' }),
  mode: optional(text, { description: 'Permission bits in octal; file type bits are ignored.', example: '0644' }),
  mode_op: defaulted(equality, 'equals', { description: 'How the mode is compared.', example: 'equals' }),
  skip_missing: defaulted(flag, 'true', { description: 'Do not fire when the file is missing.', example: 'true' }),
};

/** Fires when the file meets every given condition, or is missing and may not be. */
export const attributeMatch = defineTrigger({
  name: 'attribute_match',
  description: 'A file has, or has not, the given checksum and mode.',
  parameters,
  check(params) {
    if (params.mode === undefined || parseMode(params.mode) !== undefined) return [];
    return [{ severity: 'error', parameter: 'mode', text: 'must be an octal mode such as 0644' }];
  },
  *evaluate({ params, read, problem }) {
    const files = read('files');
    if (!files) return;
    const path = params.filename;
    const file = files.find((candidate) => candidate.path === path);
    const key = [path, params.checksum_match, params.checksum ?? '', params.mode_op, params.mode ?? ''].join('#');
    if (!file) {
      if (!params.skip_missing) yield { message: `File ${path} is missing`, key, evidence: { path, missing: true } };
      return;
    }
    const sha256 = checksumOf(file, files);
    if (params.checksum !== undefined && sha256 === undefined) {
      problem({ severity: 'error', problem_type: 'facts_incomplete', details: `no checksum of ${path} was collected` });
      return;
    }
    const met = conditionsMet(params, file, sha256);
    if (met.length === 0 || met.includes(false)) return;
    yield {
      message: `File ${path} has mode ${modeText(file)} and sha256 ${sha256 ?? 'none'}, which the rule asks to report`,
      key,
      evidence: { path, mode: modeText(file), sha256: sha256 ?? null },
    };
  },
});

/** One entry per given condition. */
function conditionsMet(
  params: ParameterValues<typeof parameters>,
  file: FileRecord,
  sha256: string | undefined,
): boolean[] {
  const met: boolean[] = [];
  if (params.checksum !== undefined) {
    const equal =
      params.checksum
        .trim()
        .toLowerCase()
        .replace(/^sha256:/, '') === sha256;
    met.push(equal === (params.checksum_match === 'equals'));
  }
  if (params.mode !== undefined) {
    const equal = parseMode(params.mode) === (file.mode & 0o7777);
    met.push(equal === (params.mode_op === 'equals'));
  }
  return met;
}

/** A hard link has the checksum of what it names. */
function checksumOf(file: FileRecord, files: FileRecord[]): string | undefined {
  if (file.sha256 !== undefined || file.type !== 'hardlink') return file.sha256?.toLowerCase();
  return files.find((candidate) => candidate.path === file.linkTarget)?.sha256?.toLowerCase();
}
