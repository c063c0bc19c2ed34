import { type Column, cellText } from './table.ts';

/** Rows as CSV (RFC 4180, lines end in LF): a heading, then one line for each row. */
export function toCsv<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const lines = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map((column) => cellText(column.value(row)))),
  ];
  return lines.map((line) => `${line.map(quote).join(',')}\n`).join('');
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
