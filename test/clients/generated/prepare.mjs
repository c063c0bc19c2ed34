// Leaves out of the contract what the generator makes no valid Go of: defaults of lists, and "one of these is required".
import { readFileSync, writeFileSync } from 'node:fs';

const [source, target] = process.argv.slice(2);
const contract = JSON.parse(readFileSync(source, 'utf8'));
for (const methods of Object.values(contract.paths)) {
  for (const operation of Object.values(methods)) {
    for (const { schema } of operation.parameters ?? []) {
      if (schema?.type === 'array') delete schema.default;
    }
  }
}
for (const schema of Object.values(contract.components.schemas)) {
  if (schema.properties && schema.oneOf?.every((one) => Object.keys(one).join() === 'required')) delete schema.oneOf;
}
writeFileSync(target, JSON.stringify(contract));
