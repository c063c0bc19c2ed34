/** What the first bytes of a file say it is. */
export type ContentKind = 'xml' | 'html' | 'json' | 'other';

/** Media types that files are stored and served under. */
export const MEDIA_TYPES: Record<Exclude<ContentKind, 'other'>, string> = {
  xml: 'application/xml',
  html: 'text/html; charset=utf-8',
  json: 'application/json',
};

/** Bytes that {@link contentKind} wants to see. */
export const KIND_BYTES = 4096;

/** Tells XML, HTML and JSON apart by the beginning of a file, whatever its sender calls it. */
export function contentKind(head: Uint8Array): ContentKind {
  const utf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  const bytes = Buffer.from(head.subarray(0, KIND_BYTES));
  if (!utf16 && bytes.includes(0)) return 'other';
  const text = bytes
    .toString('latin1')
    .replace(utf16 ? /^..|\0/gs : /^\u00ef\u00bb\u00bf/, '')
    // declarations, comments and processing instructions come before the root element
    .replace(/^(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->)*/, '');
  if (/^<(?:!doctype\s+html|html)[\s>]/i.test(text)) return 'html';
  if (/^<(?:[A-Za-z_][\w:.-]*[\s/>]|!doctype|!--|\?)/i.test(text)) return 'xml';
  return /^[[{]/.test(text) ? 'json' : 'other';
}

/** Whether a declared media type says something else than the content. Types that say nothing contradict nothing. */
export function contradictsType(declared: string | undefined, kind: ContentKind): boolean {
  const type = declared?.toLowerCase().split(';')[0]?.trim() ?? '';
  if (type === 'text/html') return kind !== 'html';
  if (type === 'application/json' || type.endsWith('+json')) return kind !== 'json';
  if (type === 'application/xhtml+xml') return kind !== 'html' && kind !== 'xml';
  if (type === 'application/xml' || type === 'text/xml' || type.endsWith('+xml')) return kind !== 'xml';
  return /^(?:image|audio|video|font)\//.test(type);
}
