import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { defineCompare } from './compliance/compare.ts';
import { defineConvert } from './compliance/convert.ts';
import { defineDelete, defineDownload, defineGet, defineList } from './compliance/read.ts';
import { defineUpload } from './compliance/upload.ts';

/** `windlass compliance …` */
export function defineCompliance(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  defineUpload(noun, cli, exit);
  defineList(noun, cli);
  defineGet(noun, cli, exit);
  defineCompare(noun, cli, exit);
  defineConvert(noun, cli);
  defineDownload(noun, cli);
  defineDelete(noun, cli);
}
