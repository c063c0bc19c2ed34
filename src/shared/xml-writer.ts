/** Attributes of an element, written in their order. */
export type XmlAttributes = Record<string, string | undefined>;

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** What XML 1.0 cannot hold: control characters but tab and line ends, and two non-characters. */
const FORBIDDEN = new RegExp(`[${['\\x00-\\x08', '\\x0b\\x0c', '\\x0e-\\x1f', '\\ufffe\\uffff'].join('')}]`, 'g');

/** Text for XML 1.0: escaped, without characters that XML cannot hold. */
export function xmlText(text: string): string {
  return text
    .replace(FORBIDDEN, '')
    .toWellFormed()
    .replace(/[&<>"']/g, (c) => ESCAPES[c]!);
}

/** An element around content that is XML already. */
export function xmlElement(name: string, content: string, attributes: XmlAttributes = {}): string {
  const attached = Object.entries(attributes)
    .map(([key, value]) => (value === undefined ? '' : ` ${key}="${xmlText(value)}"`))
    .join('');
  return content === '' ? `<${name}${attached}/>` : `<${name}${attached}>${content}</${name}>`;
}

/** An element with text; nothing for text that is absent or empty. */
export function xmlTextElement(name: string, value: string | number | undefined): string {
  return value === undefined || value === '' ? '' : xmlElement(name, xmlText(String(value)));
}

/** An element around a list; nothing for an empty one. */
export function xmlList<T>(name: string, items: readonly T[] | undefined, render: (item: T) => string): string {
  return !items || items.length === 0 ? '' : xmlElement(name, items.map(render).join(''));
}
