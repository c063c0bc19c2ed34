import { KubernetesError } from './errors.ts';

/** Lines of a stream of bytes, without empty ones. A line of more than `maxBytes` is an error. */
export async function* jsonLines(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let size = 0;
  const take = (): string => {
    const line = Buffer.concat(parts).toString('utf8').trim();
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of body) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, end));
      from = end + 1;
      const line = take();
      if (line) yield line;
    }
    if (from < chunk.length) {
      parts.push(chunk.subarray(from));
      size += chunk.length - from;
      if (size > maxBytes) throw new KubernetesError('protocol', `an event of more than ${maxBytes} bytes`);
    }
  }
  const rest = take();
  if (rest) yield rest;
}
