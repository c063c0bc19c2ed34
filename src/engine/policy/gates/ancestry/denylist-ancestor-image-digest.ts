import { defineTrigger } from '../../gate.ts';
import { list, required } from '../../parameter.ts';

/** Fires once per denied ancestor. */
export const denylistAncestorImageDigest = defineTrigger({
  name: 'denylist_ancestor_image_digest',
  description: 'An ancestor of the image has a denied digest.',
  parameters: {
    ancestor_digest: required(list, {
      description: 'Denied image digests.',
      example: 'sha256:6a92cd1fcdc8d8cdec60f33dda4db2cb1fcdcacf3410a8e05b3741f44a9b5998',
    }),
  },
  *evaluate({ params, read }) {
    for (const { imageDigest } of read('ancestors') ?? []) {
      if (!params.ancestor_digest.includes(imageDigest)) continue;
      yield {
        message: `Ancestor ${imageDigest} is denied`,
        key: imageDigest,
        triggerId: imageDigest,
        evidence: { ancestor: imageDigest },
      };
    }
  },
});
