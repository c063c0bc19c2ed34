import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';

/** Response encodings on offer. */
export type Encoding = 'br' | 'gzip';

/** Below this a body is not worth compressing. */
const WORTHWHILE = 8 * 1024;
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const GZIP = { level: 4 };
const gzipBytes = promisify(gzip);
const brotliBytes = promisify(brotliCompress);

/** The best encoding that the client names in Accept-Encoding. A wildcard or no header means none. */
export function chooseEncoding(header: string | undefined): Encoding | undefined {
  if (!header) return undefined;
  const offered = new Map<string, number>();
  for (const part of header.toLowerCase().split(',')) {
    const [name, ...parameters] = part.split(';').map((word) => word.trim());
    const quality = parameters.find((word) => word.startsWith('q='));
    offered.set(name!, quality ? Number(quality.slice(2)) : 1);
  }
  const br = offered.get('br') ?? 0;
  const gz = offered.get('gzip') ?? 0;
  if (br > 0 && br >= gz) return 'br';
  return gz > 0 ? 'gzip' : undefined;
}

/** Compresses a body when the client wants it and it is large enough; undefined otherwise. */
export async function compressed(
  body: Buffer,
  acceptEncoding: string | undefined,
): Promise<{ bytes: Buffer; encoding: Encoding } | undefined> {
  if (body.length < WORTHWHILE) return undefined;
  const encoding = chooseEncoding(acceptEncoding);
  if (!encoding) return undefined;
  const bytes = encoding === 'br' ? await brotliBytes(body, BROTLI) : await gzipBytes(body, GZIP);
  return { bytes, encoding };
}

/** A stream that compresses what is piped through it. */
export function compressor(encoding: Encoding) {
  return encoding === 'br' ? createBrotliCompress(BROTLI) : createGzip(GZIP);
}

/** True for media types that compress well. */
export function compressible(contentType: string): boolean {
  return /^(text\/|application\/(json|xml|[\w.-]+\+(json|xml)))/.test(contentType);
}
