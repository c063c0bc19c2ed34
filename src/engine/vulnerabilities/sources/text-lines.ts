import { StringDecoder } from 'node:string_decoder';

/** Longest line that is kept whole, characters; the rest of a longer one is dropped. */
const LINE_LIMIT = 64 * 1024 ** 2;

/** Lines of UTF-8 text, without their ends. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let size = 0;
  const take = (text: string): void => {
    if (size < LINE_LIMIT) parts.push(text);
    size += text.length;
  };
  const line = (): string => {
    const text = parts.join('').replace(/\r$/, '');
    parts = [];
    size = 0;
    return text;
  };
  for await (const part of bytes) {
    const text = decoder.write(Buffer.from(part.buffer, part.byteOffset, part.length));
    let from = 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
      take(text.slice(from, at));
      yield line();
      from = at + 1;
    }
    if (from < text.length) take(text.slice(from));
  }
  take(decoder.end());
  if (size > 0) yield line();
}
