import { defineTrigger } from '../../gate.ts';

/** Fires when no ancestor of the image is known. */
export const noAncestorsAnalyzed = defineTrigger({
  name: 'no_ancestors_analyzed',
  description: 'No ancestor of the image was analysed.',
  parameters: {},
  *evaluate({ read }) {
    const ancestors = read('ancestors');
    if (!ancestors || ancestors.length > 0) return;
    yield { message: 'No ancestor of the image was analysed', key: 'none', triggerId: 'no_ancestors_analyzed' };
  },
});
