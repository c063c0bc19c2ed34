import { ARTIFACTS } from './artifacts.ts';
import { FINDINGS } from './findings.ts';
import { INSTALLATION } from './installation.ts';
import { NOTICES } from './notices.ts';
import { RUNTIME } from './runtime.ts';
import type { Examples } from './types.ts';

export type { Example, Examples, MakeExample, Scene, SceneImage } from './types.ts';

/** A request that succeeds, for operations whose schema alone does not say what they take. */
export const EXAMPLES: Examples = { ...ARTIFACTS, ...NOTICES, ...FINDINGS, ...RUNTIME, ...INSTALLATION };
