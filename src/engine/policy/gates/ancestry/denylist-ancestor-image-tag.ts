import { defineTrigger } from '../../gate.ts';
import { list, required } from '../../parameter.ts';
import { hasTag } from './ancestor-names.ts';

/** Fires once per denied tag of an ancestor. */
export const denylistAncestorImageTag = defineTrigger({
  name: 'denylist_ancestor_image_tag',
  description: 'An ancestor of the image carries a denied tag.',
  parameters: { ancestor_tag: required(list, { description: 'Denied tags.', example: 'docker.io/library/debian:9' }) },
  *evaluate({ params, read }) {
    for (const ancestor of read('ancestors') ?? []) {
      for (const tag of params.ancestor_tag) {
        if (!hasTag(ancestor, [tag])) continue;
        yield {
          message: `Ancestor ${ancestor.imageDigest} carries the denied tag ${tag}`,
          key: `${tag}#${ancestor.imageDigest}`,
          triggerId: tag,
          evidence: { ancestor: ancestor.imageDigest, tag },
        };
      }
    }
  },
});
