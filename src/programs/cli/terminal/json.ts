/** How elements of the arrays at the top are written: over several lines, or each on a line of its own. */
export type ElementStyle = 'indented' | 'line';

/**
 * Indented JSON in pieces, one for each element of the arrays at the top: documents may be longer than the longest
 * string. Ends with a line feed.
 */
export function* jsonPieces(value: unknown, elements: ElementStyle = 'indented'): Generator<string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield* arrayOrScalar(value, '', elements);
    yield '\n';
    return;
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.length === 0) {
    yield '{}\n';
    return;
  }
  yield '{\n';
  for (const [i, [name, member]] of members.entries()) {
    yield `  ${JSON.stringify(name)}: `;
    yield* arrayOrScalar(member, '  ', elements);
    yield i === members.length - 1 ? '\n' : ',\n';
  }
  yield '}\n';
}

function* arrayOrScalar(value: unknown, indent: string, elements: ElementStyle): Generator<string> {
  if (!Array.isArray(value) || value.length === 0) {
    yield indented(value, indent);
    return;
  }
  yield '[\n';
  for (const [i, element] of value.entries()) {
    const text = elements === 'line' ? (JSON.stringify(element) ?? 'null') : indented(element, `${indent}  `);
    yield `${indent}  ${text}${i === value.length - 1 ? '\n' : ',\n'}`;
  }
  yield `${indent}]`;
}

function indented(value: unknown, indent: string): string {
  return (JSON.stringify(value, null, 2) ?? 'null').replaceAll('\n', `\n${indent}`);
}
