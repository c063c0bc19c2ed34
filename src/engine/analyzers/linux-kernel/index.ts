import type { FileHead, FileReader } from '../../image/types.ts';
import { fileName } from '../location.ts';
import type { Analyzer } from '../types.ts';
import { collectKernels } from './collect.ts';
import { isBzImage, type KernelImage, mayBeKernel, readKernel } from './kernel.ts';
import { type KernelModule, readModule, type UnreadableModule } from './module.ts';

/** Facts of this analyzer. */
export type KernelFact = KernelImage | KernelModule | UnreadableModule;

const KERNEL: FileReader<KernelFact> = { kind: 'whole', limit: 256 << 20, read: readKernel };
const MODULE: FileReader<KernelFact> = {
  kind: 'whole',
  limit: 256 << 20,
  read: (content, file) => readModule(content, fileName(file.path)),
};
const MODULE_NAME = /\.ko(?:\.(?:gz|xz|zst))?$/;
const KERNEL_NAME = /^(?:vmlinu[xz]|[bz]?Image|kernel)(?:[-.][^/]*)?$/;
const OTHER_ARCHIVE = /\.(?:tar|t[gx]z)\b/;

function select(file: FileHead): FileReader<KernelFact> | undefined {
  if (file.path.includes('/modules/') && MODULE_NAME.test(file.path)) return MODULE;
  if (isBzImage(file.head)) return KERNEL;
  // Only files of some size: names such as `kernel` are those of small files elsewhere.
  const name = fileName(file.path);
  if (file.size < 1 << 20 || !KERNEL_NAME.test(name) || OTHER_ARCHIVE.test(name)) return undefined;
  return mayBeKernel(file.head) ? KERNEL : undefined;
}

/** Linux kernels and their modules. */
export const linuxKernelAnalyzer: Analyzer<KernelFact> = {
  name: 'linux-kernel',
  version: 1,
  kind: 'packages',
  select,
  collect: collectKernels,
};
