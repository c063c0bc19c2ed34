import { createReadStream, existsSync } from 'node:fs';
import type { Command } from 'commander';
import {
  type ComplianceRuleDifference,
  windlassComplianceOperations as operations,
} from '#contract/windlass-compliance.ts';
import { ComplianceReadError, compareRuns, readComplianceReport } from '#engine/compliance/index.ts';
import type { CliContext } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { usageFailure } from '../../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { show } from '../../show.ts';
import type { Column } from '../../terminal/table.ts';
import { shortRule } from './check-columns.ts';

const COLUMNS: Column<ComplianceRuleDifference>[] = [
  { title: 'change', value: (row) => row.change, keep: true },
  { title: 'before', value: (row) => row.before, keep: true, word: true },
  { title: 'after', value: (row) => row.after, keep: true, word: true },
  { title: 'severity', value: (row) => row.severity, keep: true, word: true },
  { title: 'rule', value: (row) => shortRule(row.rule) },
  { title: 'title', value: (row) => row.title },
];

/** `compliance compare`: two checks of the server, or two files here. */
export function defineCompare(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  serverCommand(
    noun,
    'compare <before> <after>',
    'Compare two compliance checks, or two result files',
    ['windlass compliance compare 1a2… 7d5…', 'checks of the server'],
    ['windlass compliance compare old.xml new.xml --fail-on-regression', 'files, without a server'],
  )
    .option('--fail-on-regression', 'exit with 1 when a rule fails that did not fail before')
    .action(async (before: string, after: string, options: ServerOptions & { failOnRegression?: boolean }) => {
      const local = existsSync(before) && existsSync(after);
      const data = local ? await compareFiles(before, after) : await compareChecks(cli, options, before, after);
      await show(cli, options.output, {
        data,
        rows: data.items,
        columns: COLUMNS,
        id: (row) => row.rule,
        empty: 'No rule came out differently.',
      });
      if (options.failOnRegression && data.items.some(({ change }) => change === 'regressed')) exit(EXIT.failed);
    });
}

function compareChecks(cli: CliContext, options: ServerOptions, before: string, after: string) {
  return connect(cli, options).call(operations.compare_runtime_compliance_checks, {
    params: { check_uuid: after },
    query: { before },
  });
}

async function compareFiles(before: string, after: string) {
  const differences = compareRuns(await rulesOf(before), await rulesOf(after));
  const counts: Record<string, number> = {};
  for (const { change } of differences) counts[change] = (counts[change] ?? 0) + 1;
  const items = differences.flatMap(({ id, ...rest }) => (rest.change === 'same' ? [] : [{ rule: id, ...rest }]));
  return { counts, items };
}

async function rulesOf(file: string) {
  const { results } = await readFileHere(file);
  return results.map(({ rule: { id, title, severity }, result }) => ({ id, title, severity, result }));
}

/** Reads a result file of this machine. Throws CliFailure when it cannot be understood. */
export async function readFileHere(file: string) {
  try {
    return await readComplianceReport(createReadStream(file));
  } catch (error) {
    if (error instanceof ComplianceReadError) throw usageFailure(`${file}: ${error.message}`);
    throw error;
  }
}
