import type { Command } from 'commander';
import type { Client } from '#client/index.ts';
import { PREPARED_REPORTS } from '#contract/prepared-reports.ts';
import { windlassReportsOperations } from '#contract/windlass-reports.ts';
import { cellText, columnsOfRows, csvLine, tableLines } from '#shared/report-table.ts';
import type { CliContext } from '../../context.ts';
import { CliFailure, usageFailure } from '../../failure.ts';
import { examples } from '../../help.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { printJson, show } from '../../show.ts';
import { collectVariable, queryText, readVariables } from './query-text.ts';

interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; locations?: { line: number; column: number }[] }[];
}

interface List {
  pageInfo?: { nextToken?: string | null };
  results?: unknown[];
}

const TABLE_LINES = 1_000;

async function ask(
  cli: CliContext,
  client: Client,
  global: boolean | undefined,
  body: { query: string; variables: Record<string, unknown> },
): Promise<Record<string, unknown>> {
  const operation = global ? windlassReportsOperations.run_global_report : windlassReportsOperations.run_report;
  const input = { raw: JSON.stringify(body), contentType: 'application/json' };
  const response: Response = await client
    .call(operation, input, { signal: cli.signal })
    .catch((error: unknown) => Promise.reject(explained(error)));
  const { data, errors } = (await response.json()) as Answer;
  const [first] = errors ?? [];
  if (first) throw failure(first);
  return data ?? {};
}

/** A document that was refused as a whole says why in the same form as an answer. */
function explained(error: unknown): unknown {
  const [first] = ((error as { detail?: Answer }).detail?.errors ?? []) as NonNullable<Answer['errors']>;
  return first ? failure(first) : error;
}

function failure({ message, locations }: NonNullable<Answer['errors']>[number]): CliFailure {
  const [place] = locations ?? [];
  return new CliFailure(`${message}${place ? ` (line ${place.line}, column ${place.column} of the query)` : ''}`);
}

/** The only report of an answer; tables are made from it. */
function onlyList(data: Record<string, unknown>): [name: string, list: List] {
  const [entry, ...others] = Object.entries(data) as [string, List][];
  if (!entry || others.length > 0 || !Array.isArray(entry[1]?.results))
    throw usageFailure('a table needs a query that asks for results of exactly one report', 'Use -o json for others.');
  return entry;
}

/** `windlass report run` and `windlass report queries`. */
export function defineRun(noun: Command, cli: CliContext): void {
  serverCommand(
    noun,
    'run <query>',
    'Run a query: a prepared one by name, a file, or GraphQL text',
    ['windlass report run critical-images --var repository=library/*', 'current tags with critical vulnerabilities'],
    ['windlass report run vulnerability-matches -o csv --all > matches.csv', 'one row for each match'],
    ["windlass report run '{ metrics { results { id name } } }' -o json", 'any document'],
  )
    .option('--var <name=value>', 'variable of the query; may be repeated', collectVariable)
    .option('--all', 'read all pages; the query must declare $nextToken and select pageInfo { nextToken }')
    .option('--global', 'over all accounts; for administrators')
    .action(
      async (query: string, options: ServerOptions & { var?: [string, string][]; all?: boolean; global?: boolean }) => {
        const text = await queryText(query);
        const variables = readVariables(text, options.var);
        const client = connect(cli, options);
        if (options.all && !/\$nextToken\b/.test(text))
          throw usageFailure('--all needs a query with a variable $nextToken that is given to the report');
        let data = await ask(cli, client, options.global, { query: text, variables });
        if (options.output === 'json' && !options.all) return printJson(cli, data);
        const [name, list] = onlyList(data);
        const rows = [...(list.results ?? [])];
        if (options.output === 'csv') return writeCsv(rows, list);
        let token = list.pageInfo?.nextToken;
        while (options.all && token) {
          data = await ask(cli, client, options.global, { query: text, variables: { ...variables, nextToken: token } });
          const next = onlyList(data)[1];
          for (const row of next.results ?? []) rows.push(row);
          token = next.pageInfo?.nextToken;
        }
        if (options.output === 'json')
          return printJson(cli, {
            [name]: { ...list, pageInfo: { count: rows.length, nextToken: null }, results: rows },
          });
        const columns = columnsOfRows(rows);
        const toLines = tableLines(columns);
        const lines: unknown[][] = [];
        for (const row of rows) {
          if (lines.length > TABLE_LINES) break;
          for (const line of toLines(row)) lines.push(line);
        }
        await show(cli, options.output, {
          data,
          rows: lines.slice(0, TABLE_LINES),
          // The last word is enough for people.
          columns: columns.map(({ path }, at) => ({
            title: path.slice(path.lastIndexOf('.') + 1),
            value: (line: unknown[]) => cellText(line[at]),
            word: /severity|result$/i.test(path),
          })),
          id: (line) => cellText(line[0]),
          empty: 'No rows.',
        });
        if (options.output === 'table' && (token || lines.length > TABLE_LINES))
          await cli.stderr.write('There are more rows: narrow the query, or write them with -o csv --all.\n');

        /** Page by page: an export may be larger than memory. Its columns are those of the first page. */
        async function writeCsv(first: unknown[], page: List): Promise<void> {
          const found = columnsOfRows(first);
          const cells = tableLines(found);
          await cli.stdout.write(csvLine(found.map(({ heading }) => heading)));
          for (let at = page, rest = first; ; ) {
            await cli.stdout.write(rest.flatMap((row) => cells(row).map(csvLine)).join(''));
            const next = at.pageInfo?.nextToken;
            if (!options.all || !next) return;
            const more = await ask(cli, client, options.global, {
              query: text,
              variables: { ...variables, nextToken: next },
            });
            at = onlyList(more)[1];
            rest = at.results ?? [];
          }
        }
      },
    );

  noun
    .command('queries')
    .description('List prepared queries and their variables')
    .addHelpText('after', examples(['windlass report queries', 'names that "report run" takes']))
    .action(async () => {
      await show(cli, 'table', {
        data: PREPARED_REPORTS,
        rows: PREPARED_REPORTS,
        columns: [
          { title: 'name', value: (row) => row.name, keep: true },
          { title: 'what', value: (row) => row.description },
          {
            title: 'variables',
            value: ({ query }) => [...new Set([...query.matchAll(/\$(\w+)\s*:/g)].map(([, name]) => name))].join(' '),
          },
        ],
        id: (row) => row.name,
      });
    });
}
