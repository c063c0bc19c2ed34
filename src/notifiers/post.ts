import { FetchError } from '#shared/fetcher.ts';
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
  throw new DeliveryError(`the receiver answered ${status}: ${answer.slice(0, 200)}`, {
    permanent: status >= 300 && status < 500 && !TRANSIENT.has(status),
    retryAfterSeconds: retryAfter(headers['retry-after']),
    receipt,
  });
}

async function beginning(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_ANSWER) break;
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, MAX_ANSWER);
}

/** Seconds of a Retry-After header (RFC 9110 §10.2.3), which is a number or a date. */
function retryAfter(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (!text) return undefined;
  const seconds = /^\d+$/.test(text.trim()) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(MAX_RETRY_AFTER, Math.max(0, Math.ceil(seconds))) : undefined;
}

/** Value of a Basic authorization header. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
