/**
 * Compares our contract with a reference: operation ids, methods, paths, parameters, required fields, types, statuses.
 *
 *   node scripts/compare-contract.ts [reference.json] [--min N] [--quiet]
 *   node scripts/compare-contract.ts reference.json --write-facts test/contract/reference.json
 *
 * The reference is an OpenAPI 3.0 file; without one, the facts committed in test/contract. With `--min`, the exit status
 * is 1 when fewer than N operations are identical. The last line is JSON.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { renderOpenApi } from '../src/contract/openapi.ts';
import { operationList } from '../src/contract/operations.ts';
import { compareFacts } from './contract/compare-facts.ts';
import { type ComparedDocument, type ContractFacts, contractFacts } from './contract/facts.ts';

const committed = path.join(import.meta.dirname, '..', 'test', 'contract', 'reference.json');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { min: { type: 'string' }, quiet: { type: 'boolean' }, 'write-facts': { type: 'string' } },
});
const [file] = positionals;
const reference =
  file && existsSync(file) ? contractFacts(read(file) as ComparedDocument) : (read(committed) as ContractFacts);
if (file && !existsSync(file)) console.error(`${file} is absent, comparing with the committed facts`);

if (values['write-facts']) {
  writeFileSync(values['write-facts'], oneLineEach(reference));
} else {
  const ours = contractFacts(renderOpenApi(operationList, '0'));
  const { missing, extra, differing, ...counts } = compareFacts(reference, ours);
  if (!values.quiet) {
    for (const line of missing) console.log(`MISSING  ${line}`);
    for (const one of differing) for (const line of one.differences) console.log(`DIFFERS  ${one.id}: ${line}`);
    for (const id of extra) console.log(`EXTRA    ${id}`);
  }
  console.log(JSON.stringify({ ...counts, missing: missing.length, differing: differing.length, extra: extra.length }));
  if (values.min && counts.identical < Number(values.min)) {
    console.error(`only ${counts.identical} operations are identical, ${values.min} are expected`);
    process.exitCode = 1;
  }
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(name, 'utf8'));
}

/** One operation or schema per line, so that a change of the reference can be reviewed. */
function oneLineEach(facts: ContractFacts): string {
  const lines = (table: object): string =>
    Object.entries(table)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n');
  return `{\n  "operations": {\n${lines(facts.operations)}\n  },\n  "schemas": {\n${lines(facts.schemas)}\n  }\n}\n`;
}
