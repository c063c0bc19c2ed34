export { type CleanPath, cleanPath, MAX_PATH } from './path.ts';
export type { TarEntry, TarEntryType, TarHandler, TarProblem } from './types.ts';
export { TarWalker } from './walker.ts';
