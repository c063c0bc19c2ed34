import { DOMParser } from '@xmldom/xmldom';
import { SaxesParser } from 'saxes';

/** XML that is not taken: ill-formed, too large, or with parts that have no place in SAML. The message quotes nothing of it. */
export class XmlRefused extends Error {
  override readonly name = 'XmlRefused';
}

const MAX_DEPTH = 64;
const MAX_ELEMENTS = 20_000;

/**
 * Reads XML 1.0 with namespaces into a document. Whatever could make two readers see different things, or fetch or grow
 * anything, is refused: document type declarations (and with them all entities of one's own), processing instructions and
 * comments. `limit` is in characters. Throws XmlRefused.
 */
export function parseXml(text: string, limit: number): Element {
  if (text.length > limit) throw new XmlRefused(`it is larger than ${limit} characters`);
  checkForm(text);
  let root: Element | null;
  try {
    const refuse = (): never => {
      throw new XmlRefused('it is not well-formed');
    };
    const parser = new DOMParser({ errorHandler: { warning: refuse, error: refuse, fatalError: refuse } });
    root = parser.parseFromString(text, 'text/xml').documentElement;
  } catch (error) {
    if (error instanceof XmlRefused) throw error;
    throw new XmlRefused('it is not well-formed');
  }
  if (!root) throw new XmlRefused('it is empty');
  return root;
}

/** The strict reader goes first; the one that builds the document is more lenient. */
function checkForm(text: string): void {
  const parser = new SaxesParser({ xmlns: true });
  let depth = 0;
  let elements = 0;
  const refuse = (reason: string) => () => {
    throw new XmlRefused(reason);
  };
  parser.on('error', refuse('it is not well-formed'));
  parser.on('doctype', refuse('it has a document type declaration'));
  parser.on('processinginstruction', refuse('it has a processing instruction'));
  parser.on('comment', refuse('it has a comment'));
  parser.on('opentag', () => {
    depth += 1;
    elements += 1;
    if (depth > MAX_DEPTH) throw new XmlRefused('its elements are nested too deeply');
    if (elements > MAX_ELEMENTS) throw new XmlRefused('it has too many elements');
  });
  parser.on('closetag', () => {
    depth -= 1;
  });
  parser.write(text).close();
}

/** Child elements of a name in a namespace, in their order. */
export function children(parent: Element, namespace: string, name: string): Element[] {
  return childElements(parent).filter((child) => child.namespaceURI === namespace && child.localName === name);
}

/** The one child of a name; undefined when there is none. Throws XmlRefused for several. */
export function onlyChild(parent: Element, namespace: string, name: string): Element | undefined {
  const found = children(parent, namespace, name);
  if (found.length > 1) throw new XmlRefused(`it has more than one ${name} where one may be`);
  return found[0];
}

/** All child elements. */
export function childElements(parent: Element): Element[] {
  return [...Array.from(parent.childNodes)].filter((node): node is Element => node.nodeType === 1);
}

/** The element itself and all elements below it. */
export function allElements(root: Element): Element[] {
  const found: Element[] = [];
  const waiting = [root];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    found.push(next);
    waiting.push(...childElements(next));
  }
  return found;
}

/** An attribute without a namespace; undefined when absent. */
export function attribute(element: Element, name: string): string | undefined {
  return element.hasAttribute(name) ? (element.getAttribute(name) ?? '') : undefined;
}

/** The text of an element that holds nothing but text, without the white space around it. Throws XmlRefused. */
export function textOf(element: Element): string {
  if (childElements(element).length > 0) throw new XmlRefused(`${element.localName} holds more than text`);
  return (element.textContent ?? '').trim();
}
