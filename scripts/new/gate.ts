import { addToRegistry, camelCase, type Plan } from './plan.ts';

/** A new policy gate with one trigger: see `docs/how-to/add-a-gate.md`. Gate and trigger names are snake_case. */
export function gatePlan(name: string): Plan {
  const gate = name.replaceAll('-', '_');
  const constant = `${camelCase(name)}Gate`;
  return {
    folder: `src/engine/policy/gates/${name}`,
    files: { 'index.ts': index(gate, constant), 'too-many-packages.ts': TRIGGER, [`${name}.spec.ts`]: spec(constant) },
    edits: [
      {
        file: 'src/engine/policy/gates/registry.ts',
        edit: (text) => addToRegistry(text, name, constant, 'export const GATES'),
      },
    ],
    next: `replace the example trigger, then: npx vitest run src/engine/policy/gates`,
  };
}

function index(gate: string, constant: string): string {
  return `import type { Gate } from '../../gate.ts';
import { tooManyPackages } from './too-many-packages.ts';

/** Gate \`${gate}\`: … */
export const ${constant}: Gate = {
  name: '${gate}',
  description: 'What this gate judges, in one sentence.',
  state: 'active',
  triggers: [tooManyPackages],
};
`;
}

const TRIGGER = `import { defineTrigger } from '../../gate.ts';
import { integer, required } from '../../parameter.ts';

/** Fires when the image has more packages than allowed. */
export const tooManyPackages = defineTrigger({
  name: 'too_many_packages',
  description: 'The image has more packages than allowed.',
  parameters: { maximum: required(integer, { description: 'Most packages allowed.', example: '500' }) },
  *evaluate(context) {
    const packages = context.read('packages');
    if (!packages || packages.length <= context.params.maximum) return;
    yield {
      message: \`The image has \${packages.length} packages; \${context.params.maximum} are allowed\`,
      key: String(context.params.maximum),
      evidence: { packages: packages.length },
    };
  },
});
`;

function spec(constant: string): string {
  return `import { expect, it } from 'vitest';
import { ${constant} } from './index.ts';

it('has a name, a description and triggers', () => {
  expect(${constant}.name).toMatch(/^[a-z_]+$/);
  expect(${constant}.triggers.map(({ name }) => name)).toEqual(['too_many_packages']);
});
`;
}
