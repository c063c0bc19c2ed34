import { defineTrigger } from '../../gate.ts';

/** Fires once, whatever the image is. */
export const always = defineTrigger({
  name: 'always',
  description: 'Fires once for every evaluation: for tests and to force an outcome.',
  artifactTypes: ['image', 'source'],
  parameters: {},
  *evaluate() {
    yield { message: 'This rule always fires', key: 'always', triggerId: 'always' };
  },
});
