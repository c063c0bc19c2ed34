import { SaxesParser, type SaxesTagNS } from 'saxes';
import { ComplianceReadError, type ReadLimits } from './types.ts';

/** What is told about the elements of a document, in order. */
export interface XmlHandler {
  open(uri: string, local: string, attribute: (name: string) => string | undefined): void;
  text(text: string): void;
  close(): void;
}

/**
 * Reads XML from a stream of bytes without holding it. Document types are refused, and with them every entity that a
 * document defines itself; depth, elements and bytes are bounded. Throws ComplianceReadError.
 */
export async function readXml(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  handler: XmlHandler,
  limits: Pick<ReadLimits, 'bytes' | 'depth' | 'elements'>,
): Promise<void> {
  const parser = new SaxesParser({ xmlns: true, position: true });
  let depth = 0;
  let elements = 0;
  let bytes = 0;
  let tag: SaxesTagNS | undefined;
  const attribute = (name: string): string | undefined => tag?.attributes[name]?.value;

  parser.on('error', (error) => {
    throw new ComplianceReadError('not-xml', `The file is not well-formed XML: ${error.message.slice(0, 300)}`);
  });
  parser.on('doctype', () => {
    throw new ComplianceReadError('doctype', 'The file has a document type declaration, which is refused.');
  });
  parser.on('opentag', (opened) => {
    depth += 1;
    elements += 1;
    if (depth > limits.depth)
      throw new ComplianceReadError('too-deep', `Elements are nested deeper than ${limits.depth} levels.`);
    if (elements > limits.elements)
      throw new ComplianceReadError('too-many-elements', `The file has more than ${limits.elements} elements.`);
    tag = opened;
    handler.open(opened.uri, opened.local, attribute);
  });
  parser.on('text', (text) => handler.text(text));
  parser.on('cdata', (text) => handler.text(text));
  parser.on('closetag', () => {
    depth -= 1;
    handler.close();
  });

  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let head = new Uint8Array(0);
  const feed = (chunk: Uint8Array, last: boolean): void => {
    decoder ??= decoderFor(chunk);
    try {
      parser.write(decoder.decode(chunk, { stream: !last }));
    } catch (error) {
      if (error instanceof ComplianceReadError) throw error;
      if (error instanceof TypeError)
        throw new ComplianceReadError('bad-encoding', `The file is not valid ${decoder.encoding}.`);
      throw error;
    }
  };
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > limits.bytes)
      throw new ComplianceReadError('too-large', `The file has more than ${limits.bytes} bytes.`);
    if (decoder) feed(chunk, false);
    else {
      // The declaration of the encoding must be seen as a whole before the first character is read.
      head = join(head, chunk);
      if (head.length >= 256) feed(head, false);
    }
  }
  if (bytes === 0) throw new ComplianceReadError('empty', 'The file is empty.');
  feed(decoder ? new Uint8Array(0) : head, true);
  parser.close();
}

/** By byte order mark, else by the XML declaration, else UTF-8. */
function decoderFor(head: Uint8Array): InstanceType<typeof TextDecoder> {
  const [a, b] = head;
  const declared = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(
    Buffer.from(head.subarray(0, 256))
      .toString('latin1')
      .replace(/^\u00ef\u00bb\u00bf/, ''),
  )?.[1];
  const label = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : (declared ?? 'utf-8');
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    throw new ComplianceReadError('bad-encoding', `The encoding ${label} is not supported.`);
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
