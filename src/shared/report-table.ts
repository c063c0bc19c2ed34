/** A column of a table made from rows: response names from the row down, joined by dots. */
export interface Column {
  path: string;
  heading: string;
}

/** A field of rows with the fields below it; none: a value. */
interface Node {
  name: string;
  children: Node[];
  /** Place of its value in the line; only of values. */
  at: number;
}

/**
 * Makes lines of a table from a row. Where a row holds a list, it becomes a line for each element; of several lists
 * beside each other the first does so, and the values of the others are joined by `; `. So lines grow with what a row
 * holds, never with the product of its lists.
 */
export function tableLines(columns: readonly Column[]): (row: unknown) => unknown[][] {
  const roots: Node[] = [];
  columns.forEach(({ path }, at) => {
    let siblings = roots;
    const names = path.split('.');
    names.forEach((name, depth) => {
      const leaf = depth === names.length - 1;
      // A column may be asked for twice: each has a node of its own.
      let node = leaf ? undefined : siblings.find((one) => one.name === name && one.children.length > 0);
      if (!node) {
        node = { name, children: [], at: leaf ? at : -1 };
        siblings.push(node);
      }
      siblings = node.children;
    });
  });
  return (row) => expand(row, roots).map((line) => columns.map((_, at) => line.get(at) ?? null));
}

type Line = ReadonlyMap<number, unknown>;
const BLANK: Line[] = [new Map()];

function expand(value: unknown, nodes: readonly Node[]): Line[] {
  if (typeof value !== 'object' || value === null) return BLANK;
  const own = new Map<number, unknown>();
  const parts: Line[][] = [];
  let multiplied: Line[] | undefined;
  for (const node of nodes) {
    const member = (value as Record<string, unknown>)[node.name];
    if (node.children.length === 0) own.set(node.at, member);
    else if (Array.isArray(member)) {
      const lines = member.length === 0 ? BLANK : member.flatMap((element) => expand(element, node.children));
      if (multiplied) parts.push(lines);
      else multiplied = lines;
    } else parts.push(expand(member, node.children));
  }
  const beside = new Map(own);
  for (const lines of parts) for (const [at, cell] of joined(lines)) beside.set(at, cell);
  return (multiplied ?? BLANK).map((line) => new Map([...beside, ...line]));
}

function joined(lines: Line[]): Line {
  if (lines.length <= 1) return lines[0] ?? new Map();
  const cells = new Map<number, unknown[]>();
  for (const line of lines)
    for (const [at, cell] of line) {
      const list = cells.get(at);
      if (list) list.push(cell);
      else cells.set(at, [cell]);
    }
  return new Map([...cells].map(([at, list]) => [at, list.map(cellText).join('; ')]));
}

/** A value as the text of a cell. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(cellText).join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * A line of CSV (RFC 4180). Texts that a spreadsheet would take for a formula get an apostrophe before them: names and
 * versions come from images, whose makers may be hostile.
 */
export function csvLine(cells: readonly unknown[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: unknown): string {
  const plain = cellText(value);
  const text = typeof value !== 'number' && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The columns that rows have, in the order in which they are met; a list of values is one column. */
export function columnsOfRows(rows: Iterable<unknown>): Column[] {
  const paths = new Set<string>();
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value) && value.some((element) => typeof element === 'object' && element !== null)) {
      for (const element of value) walk(element, path);
    } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [name, member] of Object.entries(value)) walk(member, path === '' ? name : `${path}.${name}`);
    } else if (path !== '') paths.add(path);
  };
  for (const row of rows) walk(row, '');
  // An empty list says nothing about what it would hold.
  const all = [...paths];
  return all
    .filter((path) => !all.some((other) => other.startsWith(`${path}.`)))
    .map((path) => ({ path, heading: path }));
}
