import type { CliContext } from './context.ts';
import { toCsv } from './terminal/csv.ts';
import { jsonPieces } from './terminal/json.ts';
import { printable, styleFor } from './terminal/style.ts';
import { type Column, drawTable } from './terminal/table.ts';

/** Forms of an answer. `id`: what other commands take as an argument, one a line. */
export const FORMATS = ['table', 'json', 'csv', 'id'] as const;
/** One of `FORMATS`. */
export type Format = (typeof FORMATS)[number];

/** A list in all its forms. */
export interface Listing<Row> {
  /** As the server gave it. */
  data: unknown;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  id(row: Row): string | undefined;
  /** Said instead of an empty table. */
  empty?: string;
}

/** Prints a list in the form asked for. */
export async function show<Row>(
  cli: CliContext,
  format: Format,
  { data, rows, columns, id, empty }: Listing<Row>,
): Promise<void> {
  switch (format) {
    case 'json':
      return printJson(cli, data);
    case 'csv':
      return cli.stdout.write(toCsv(rows, columns));
    case 'id':
      return cli.stdout.write(rows.map((row) => `${printable(id(row) ?? '')}\n`).join(''));
    case 'table': {
      if (rows.length === 0 && empty !== undefined) return cli.stdout.write(`${empty}\n`);
      const style = styleFor(cli.stdout, cli.env);
      return cli.stdout.write(
        drawTable(rows, columns, { style, ...(cli.stdout.isTerminal ? { width: cli.stdout.columns } : {}) }),
      );
    }
  }
}

/** Prints one thing: as a table, a line for each property. */
export async function showOne(
  cli: CliContext,
  format: Format,
  {
    data,
    fields,
    id,
  }: {
    data: unknown;
    fields: readonly (readonly [name: string, value: string | number | boolean | null | undefined])[];
    id: string | undefined;
  },
): Promise<void> {
  const known = fields.filter(([, value]) => value !== undefined && value !== null && value !== '');
  if (format === 'json') return printJson(cli, data);
  if (format === 'id') return cli.stdout.write(`${printable(id ?? '')}\n`);
  if (format === 'csv') {
    const columns = known.map(([title, value]): Column<null> => ({ title, value: () => value }));
    return cli.stdout.write(toCsv([null], columns));
  }
  const style = styleFor(cli.stdout, cli.env);
  const width = Math.max(0, ...known.map(([name]) => name.length));
  const lines = known.map(
    ([name, value]) =>
      `${style('bold', name.padEnd(width))}  ${printable(value === true ? 'yes' : value === false ? 'no' : String(value))}\n`,
  );
  return cli.stdout.write(lines.join(''));
}

/** Prints indented JSON. */
export async function printJson(cli: CliContext, value: unknown): Promise<void> {
  for (const piece of jsonPieces(value)) await cli.stdout.write(piece);
}
