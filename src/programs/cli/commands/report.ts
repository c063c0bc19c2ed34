import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { defineResults } from './reports/results.ts';
import { defineRun } from './reports/run.ts';
import { defineSchedules } from './reports/schedules.ts';

/** `windlass report …` */
export function defineReport(noun: Command, cli: CliContext): void {
  defineRun(noun, cli);
  defineSchedules(noun, cli);
  defineResults(noun, cli);
}
