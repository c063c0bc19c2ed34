import { FetchError } from '#shared/fetcher.ts';
import { retryAfterMs } from '#shared/retry-after.ts';
import { DeliveryError, type DeliveryReceipt, type NotifierTransport } from './types.ts';

/** Longest wait for a receiver, in milliseconds. */
const TIMEOUT_MS = 15_000;
const MAX_ANSWER = 4_096;
/** Longest pause that a receiver may ask for, in seconds. */
const MAX_RETRY_AFTER = 3_600;
/** Refusals that say "not now": everything else below 500 stays refused. */
const TRANSIENT = new Set([408, 409, 425, 429]);

/** Sends JSON to an HTTP receiver and tells acceptance, refusal for now and refusal for good apart. */
export async function postJson(
  { fetcher }: NotifierTransport,
  url: string,
  body: unknown,
  options: { headers?: Record<string, string>; insecure?: boolean; signal: AbortSignal },
): Promise<DeliveryReceipt> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  let status: number;
  let headers: Record<string, string | string[]>;
  let answer: string;
  try {
    const response = await fetcher.request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...options.headers },
      body: text,
      // Anything else would turn the request into a GET, and the receiver would not see what it is told.
      redirect: 'same-method',
      stallTimeoutMs: TIMEOUT_MS,
      signal,
      ...(options.insecure ? { tls: { insecure: true } } : {}),
    });
    ({ status, headers } = response);
    answer = await beginning(response.body);
  } catch (error) {
    if (options.signal.aborted) throw error;
    const permanent = error instanceof FetchError && (error.reason === 'denied' || error.reason === 'invalid');
    throw new DeliveryError(signal.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : (error as Error).message, {
      permanent,
      cause: error,
    });
  }
  const receipt = { status: String(status), response: answer };
  if (status >= 200 && status < 300) return receipt;
  const location = [headers.location].flat()[0];
  const said = location === undefined ? answer.slice(0, 200) : `it is at ${placeOf(location, url)} now`;
  throw new DeliveryError(`the receiver answered ${status}: ${said}`, {
    permanent: status >= 300 && status < 500 && !TRANSIENT.has(status),
    retryAfterSeconds: pauseOf(headers['retry-after']),
    receipt,
  });
}

/** The beginning of an answer, or what came of it: the status alone says whether the receiver took the delivery. */
async function beginning(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MAX_ANSWER) break;
    }
  } catch {
    // the connection was closed, or the time is over
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, MAX_ANSWER);
}

/** Where a redirect leads, without what may be secret in it. */
function placeOf(location: string, url: string): string {
  return URL.parse(location, url)?.origin ?? 'another place';
}

/** Seconds for which the receiver asks to be left alone. */
function pauseOf(header: string | string[] | undefined): number | undefined {
  const ms = retryAfterMs(header, Date.now());
  return ms === undefined ? undefined : Math.min(MAX_RETRY_AFTER, Math.ceil(ms / 1000));
}

/** Value of a Basic authorization header. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
