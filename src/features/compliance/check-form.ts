import { queryTime } from '#contract/fields.ts';
import { badRequest } from '#shared/errors.ts';

/** The fields of an upload. */
export interface CheckForm {
  checkType: 'oscap';
  imageDigest: string;
  imageTag?: string;
  namespace?: string;
  pod?: string;
  result?: string;
  startTime?: Date;
  endTime?: Date;
}

/** Other names of fields that clients use. */
const ALIASES: Record<string, string> = { type: 'check_type', status: 'result' };
const FIELDS = ['check_type', 'image_digest', 'image_tag', 'namespace', 'pod', 'result', 'start_time', 'end_time'];
const MAX_LENGTH = 1_000;

/** Digest of any algorithm, as the OCI image specification writes it. */
const DIGEST = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[A-Za-z0-9=_-]+$/;

/** Reads the fields of an upload; unknown ones are ignored. 400 that names the field which is missing or wrong. */
export function readCheckForm(values: Iterable<readonly [name: string, value: string]>): CheckForm {
  const fields = new Map<string, string>();
  for (const [given, value] of values) {
    const name = ALIASES[given] ?? given;
    if (!FIELDS.includes(name) || value.trim() === '') continue;
    if (value.length > MAX_LENGTH) throw badRequest(`'${given}' is longer than ${MAX_LENGTH} characters`);
    // The proper name wins over its alias, whichever comes first.
    if (given === name || !fields.has(name)) fields.set(name, value.trim().replaceAll('\0', ''));
  }
  const checkType = fields.get('check_type');
  if (checkType === undefined) throw badRequest("'check_type' is a required property");
  if (checkType !== 'oscap') throw badRequest(`'${checkType}' is not one of ['oscap'] - 'check_type'`);
  const imageDigest = fields.get('image_digest');
  if (imageDigest === undefined) throw badRequest("'image_digest' is a required property");
  if (!DIGEST.test(imageDigest)) throw badRequest(`'image_digest' is not a digest: ${imageDigest}`);
  const [startTime, endTime] = [timeOf(fields, 'start_time'), timeOf(fields, 'end_time')];
  if (startTime && endTime && startTime > endTime) throw badRequest("'start_time' is after 'end_time'");
  return {
    checkType,
    imageDigest: /^sha256:[A-Fa-f0-9]{64}$/.test(imageDigest) ? imageDigest.toLowerCase() : imageDigest,
    ...text(fields, 'image_tag', 'imageTag'),
    ...text(fields, 'namespace', 'namespace'),
    ...text(fields, 'pod', 'pod'),
    ...text(fields, 'result', 'result'),
    ...(startTime ? { startTime } : {}),
    ...(endTime ? { endTime } : {}),
  };
}

function text<K extends string>(fields: ReadonlyMap<string, string>, name: string, key: K): { [P in K]?: string } {
  const value = fields.get(name);
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });
}

/** RFC 3339, or a date with optional time; without a zone it is UTC. */
function timeOf(fields: ReadonlyMap<string, string>, name: string): Date | undefined {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  const read = queryTime().safeParse(value);
  if (!read.success) throw badRequest(`'${name}' is not an RFC 3339 time: ${value}`);
  return read.data;
}
