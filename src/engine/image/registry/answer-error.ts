import { isObject } from '#shared/json-object.ts';
import { RegistryError } from '../errors.ts';

/** Turns a refusal into an error for people; uses what the registry says about it (OCI distribution spec, "Error codes"). */
export function answerError(host: string, what: string, status: number, body: Uint8Array): RegistryError {
  const said = statedReason(body);
  const reason = said === undefined ? '' : `: ${said}`;
  if (status === 401)
    return new RegistryError('unauthorized', `${host} does not grant access to ${what}${reason}.`, { status });
  if (status === 403) return new RegistryError('denied', `${host} refuses access to ${what}${reason}.`, { status });
  if (status === 404)
    return new RegistryError('manifest-unknown', `${host} does not have ${what}${reason}.`, { status });
  if (status === 429) return new RegistryError('rate-limited', `${host} limits requests${reason}.`, { status });
  return new RegistryError('invalid', `${host} answered with status ${status} when asked for ${what}${reason}.`, {
    status,
  });
}

function statedReason(body: Uint8Array): string | undefined {
  if (body.length === 0 || body.length > 64 * 1024) return undefined;
  try {
    const answer: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    const first: unknown = isObject(answer) && Array.isArray(answer.errors) ? answer.errors[0] : undefined;
    if (!isObject(first)) return undefined;
    const text = [first.message, first.code].find((field) => typeof field === 'string' && field !== '');
    return typeof text === 'string'
      ? text
          .replace(/\p{Cc}/gu, ' ')
          .slice(0, 300)
          .replace(/\.$/, '')
      : undefined;
  } catch {
    return undefined; // an error page, not an answer of a registry
  }
}
