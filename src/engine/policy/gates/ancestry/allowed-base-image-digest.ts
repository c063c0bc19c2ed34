import { defineTrigger } from '../../gate.ts';
import { list, required } from '../../parameter.ts';
import { baseImage } from './ancestor-names.ts';

/** Fires when the base image is not one of the approved digests. */
export const allowedBaseImageDigest = defineTrigger({
  name: 'allowed_base_image_digest',
  description: 'The base image is not one of the approved digests. An image without known base fires too.',
  parameters: {
    base_digest: required(list, {
      description: 'Approved image digests.',
      example: 'sha256:6a92cd1fcdc8d8cdec60f33dda4db2cb1fcdcacf3410a8e05b3741f44a9b5998',
    }),
  },
  *evaluate({ params, read }) {
    const ancestors = read('ancestors');
    if (!ancestors) return;
    const digest = baseImage(ancestors)?.imageDigest;
    if (digest !== undefined && params.base_digest.includes(digest)) return;
    yield {
      message: `Base image ${digest ?? '(none known)'} is not approved`,
      key: digest ?? 'unknown',
      triggerId: digest ?? 'unknown_base',
      evidence: { base: digest ?? null },
    };
  },
});
