/** Most documents read from one file. */
const MOST_DOCUMENTS = 64;

/**
 * Parses a file that holds one JSON document or several after each other (as some tools append).
 * A byte order mark is accepted. Throws SyntaxError when the first document is not JSON; broken text after
 * a good document ends the list.
 */
export function parseJsonDocuments(text: string): unknown[] {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    return [JSON.parse(body)];
  } catch (error) {
    const documents: unknown[] = [];
    for (const part of splitObjects(body)) {
      try {
        documents.push(JSON.parse(part));
      } catch {
        break;
      }
    }
    if (documents.length === 0) throw error;
    return documents;
  }
}

/** The texts of top-level `{…}` values, found by counting braces outside of strings. */
function* splitObjects(text: string): Iterable<string> {
  let depth = 0;
  let start = 0;
  let inString = false;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) {
      if (depth === 0) return;
      inString = true;
    } else if (code === 0x7b) {
      if (depth++ === 0) start = i;
    } else if (code === 0x7d) {
      if (--depth < 0) return;
      if (depth === 0) {
        yield text.slice(start, i + 1);
        if (++count >= MOST_DOCUMENTS) return;
      }
    }
  }
}
