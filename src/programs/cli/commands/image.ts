import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { defineAdd, defineImport } from './images/add.ts';
import { defineDelete } from './images/delete.ts';
import { defineChanges, defineExplain } from './images/explain.ts';
import { defineCheck, defineVulnerabilities } from './images/findings.ts';
import { defineAncestors, defineContent, defineGet, defineList, defineSbom } from './images/read.ts';
import { defineStig } from './images/stig.ts';

/** `windlass image …` */
export function defineImage(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  defineAdd(noun, cli, exit);
  defineImport(noun, cli, exit);
  defineList(noun, cli);
  defineGet(noun, cli);
  defineContent(noun, cli);
  defineVulnerabilities(noun, cli, exit);
  defineExplain(noun, cli);
  defineChanges(noun, cli);
  defineCheck(noun, cli, exit);
  defineSbom(noun, cli);
  defineAncestors(noun, cli);
  defineStig(noun, cli);
  defineDelete(noun, cli, exit);
}
