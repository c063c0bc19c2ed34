import { printable, type Style, styleWord } from './style.ts';
import { textWidth, truncate } from './width.ts';

/** A column of a list. */
export interface Column<Row> {
  title: string;
  value(row: Row): string | number | boolean | null | undefined;
  align?: 'right';
  /** Not cut when the terminal is narrow. */
  keep?: boolean;
  /** Colour by what the word says (severities, verdicts). */
  word?: boolean;
}

/** How a table is drawn. */
export interface TableStyle {
  style: Style;
  /** Columns to fit into; absent: as wide as it gets. */
  width?: number;
  /** Spaces before each line. */
  indent?: number;
}

const GAP = 2;
const NARROWEST = 8;

/** Draws a table without lines: a heading and one row for each line. */
export function drawTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { style, width, indent = 0 }: TableStyle,
): string {
  const cells = rows.map((row) => columns.map((column) => printable(cellText(column.value(row)))));
  const widths = columns.map(({ title }, i) =>
    cells.reduce((most, row) => Math.max(most, textWidth(row[i]!)), title.length),
  );
  if (width !== undefined) shrink(widths, columns, width - indent);
  const line = (texts: readonly string[], paint: (text: string, i: number) => string): string => {
    const parts = texts.map((text, i) => {
      const cut = truncate(text, widths[i]!);
      const space = ' '.repeat(Math.max(0, widths[i]! - textWidth(cut)));
      if (columns[i]!.align === 'right') return space + paint(cut, i);
      return paint(cut, i) + (i === texts.length - 1 ? '' : space);
    });
    return `${' '.repeat(indent)}${parts.join(' '.repeat(GAP))}`.trimEnd();
  };
  const heading = line(
    columns.map(({ title }) => title.toUpperCase()),
    (text) => style('bold', text),
  );
  const body = cells.map((row) => line(row, (text, i) => (columns[i]!.word ? styleWord(style, text) : text)));
  return `${[heading, ...body].join('\n')}\n`;
}

/** Text of a cell: nothing for null and undefined. */
export function cellText(value: string | number | boolean | null | undefined): string {
  if (value === true) return 'yes';
  if (value === false) return 'no';
  return value === null || value === undefined ? '' : String(value);
}

/** Takes width from the widest columns first until the line fits. */
function shrink(widths: number[], columns: readonly { keep?: boolean }[], available: number): void {
  let excess = widths.reduce((sum, width) => sum + width, 0) + GAP * (widths.length - 1) - available;
  while (excess > 0) {
    let widest = -1;
    for (const [i, width] of widths.entries()) {
      if (!columns[i]!.keep && width > NARROWEST && (widest < 0 || width > widths[widest]!)) widest = i;
    }
    if (widest < 0) return;
    widths[widest]! -= 1;
    excess -= 1;
  }
}
