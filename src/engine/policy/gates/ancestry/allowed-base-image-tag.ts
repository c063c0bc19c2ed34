import { defineTrigger } from '../../gate.ts';
import { list, required } from '../../parameter.ts';
import { baseImage, hasTag } from './ancestor-names.ts';

/** Fires when the base image never carried an approved tag. */
export const allowedBaseImageTag = defineTrigger({
  name: 'allowed_base_image_tag',
  description: 'The base image does not carry an approved tag. An image without known base fires too.',
  parameters: {
    base_tag: required(list, { description: 'Approved tags.', example: 'docker.io/library/debian:12-slim' }),
  },
  *evaluate({ params, read }) {
    const ancestors = read('ancestors');
    if (!ancestors) return;
    const base = baseImage(ancestors);
    if (base && hasTag(base, params.base_tag)) return;
    const name = base?.tags[0] ?? base?.imageDigest;
    yield {
      message: `Base image ${name ?? '(none known)'} is not approved`,
      key: name ?? 'unknown',
      triggerId: name ?? 'unknown_base',
      evidence: { base: name ?? null },
    };
  },
});
