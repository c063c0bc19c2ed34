/** Header block of a core-metadata file: lower-case names, values in order of appearance. */
export type Headers = Map<string, string[]>;

const MOST_HEADERS = 20_000;

/** Decodes bytes as UTF-8, or as Latin-1 when they are not valid UTF-8 (metadata of old distutils). */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

/**
 * Reads the first header block of a mail-like file (Python core metadata, PEP 566: RFC 822 headers).
 * Lines that start with a blank continue the header before; the block ends with an empty line. Lines that are no
 * header are skipped.
 */
export function readHeaders(text: string): Headers {
  const headers: Headers = new Map();
  let values: string[] | undefined;
  let count = 0;
  for (let start = text.charCodeAt(0) === 0xfeff ? 1 : 0; start < text.length; ) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const line = text.slice(start, end > start && text.charCodeAt(end - 1) === 0x0d ? end - 1 : end);
    start = end + 1;
    if (line === '') {
      if (headers.size > 0) break;
      continue;
    }
    if (line.startsWith(' ') || line.startsWith('\t')) {
      const last = values?.length;
      if (values !== undefined && last !== undefined) values[last - 1] += `\n${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0 || ++count > MOST_HEADERS) {
      values = undefined;
      continue;
    }
    const name = line.slice(0, colon).trim().toLowerCase();
    values = headers.get(name);
    if (values === undefined) {
      values = [];
      headers.set(name, values);
    }
    values.push(line.slice(colon + 1).trim());
  }
  return headers;
}
