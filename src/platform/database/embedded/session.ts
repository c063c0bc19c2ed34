import { setFlagsFromString } from 'node:v8';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { query } from './turns.ts';

/**
 * Work of a function of the engine after which it is compiled again, by the optimising compiler: fifteen times V8's
 * default. Nothing of it is in use at a start, and what is in use for longer gets there within seconds.
 */
const TIERING_BUDGET = 200_000_000;

/**
 * Opens the one session of the engine. Its grammar stays as the baseline compiler made it: it is one function of 100 kB,
 * which takes the optimising compiler a second and 600 MB of memory, at every start, and statements are hardly parsed
 * faster by it. Whether a function may be optimised is decided when it is first called.
 */
export async function openSession(options: PGliteOptions): Promise<PGlite> {
  setFlagsFromString(`--wasm-tiering-budget=${TIERING_BUDGET}`);
  const session = new RawSession(options);
  await session.waitReady;
  allowOptimising(false);
  try {
    // The empty statement calls the grammar and nothing else that matters.
    await session.execProtocolRawStream(query(';'), { syncToFs: false, onRawData: () => undefined });
  } finally {
    allowOptimising(true);
  }
  return session;
}

/** Answers go to clients as they are: the tables by which the engine would decode them are not read. */
class RawSession extends PGlite {
  override async _initArrayTypes(): Promise<void> {}
}

function allowOptimising(allowed: boolean): void {
  for (const flag of ['wasm-dynamic-tiering', 'wasm-tier-up'])
    setFlagsFromString(allowed ? `--${flag}` : `--no-${flag}`);
}
