import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyzerPlan } from './new/analyzer.ts';
import { gatePlan } from './new/gate.ts';
import type { Plan } from './new/plan.ts';
import { versionSchemePlan } from './new/version-scheme.ts';

const KINDS: Readonly<Record<string, (name: string) => Plan>> = {
  analyzer: analyzerPlan,
  gate: gatePlan,
  'version-scheme': versionSchemePlan,
};

/**
 * `npm run new -- <analyzer|gate|version-scheme> <name>`: makes the folder of a new plug-in from a template and adds its line
 * to the registry. Nothing is written when the folder exists or the registry does not look as expected.
 */
function main([kind = '', name = '']: string[], root: string): number {
  const makePlan = KINDS[kind];
  if (!makePlan || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    console.error(`usage: npm run new -- ${Object.keys(KINDS).join('|')} <name-in-kebab-case>`);
    return 2;
  }
  const plan = makePlan(name);
  const folder = join(root, plan.folder);
  if (existsSync(folder)) {
    console.error(`${plan.folder} exists already`);
    return 1;
  }
  // Edits are computed first, so that a failure leaves nothing half-made.
  const edits = plan.edits.map(
    ({ file, edit }) => [join(root, file), edit(readFileSync(join(root, file), 'utf8'))] as const,
  );
  for (const [file, text] of [
    ...Object.entries(plan.files).map(([path, body]) => [join(folder, path), body] as const),
    ...edits,
  ]) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  console.log(
    `made ${plan.folder} (${Object.keys(plan.files).join(', ')}) and registered it in ${plan.edits.map(({ file }) => file).join(', ')}`,
  );
  console.log(`next: ${plan.next}`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = main(
    process.argv.slice(2),
    process.env.WINDLASS_NEW_ROOT ?? fileURLToPath(new URL('..', import.meta.url)),
  );
}
