import { defineTrigger } from '../../gate.ts';

/** Fires when no source SBOM is related to the image. */
export const noRelatedSources = defineTrigger({
  name: 'no_related_sources',
  description: 'No source SBOM is related to the image.',
  parameters: {},
  *evaluate({ read }) {
    const sources = read('relatedSources');
    if (!sources || sources.length > 0) return;
    yield { message: 'No source is related to the image', key: 'none', triggerId: 'no_related_sources' };
  },
});
