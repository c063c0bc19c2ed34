import { z } from 'zod';
import { flag, text } from '../fields.ts';
import { setting } from '../setting.ts';

export const vexArea = {
  title: 'VEX and base images',
  schema: z.strictObject({
    annotation_author: setting(
      {
        env: 'WINDLASS_VEX_ANNOTATION_AUTHOR',
        aliases: ['ANCHORE_VEX_ANNOTATION_AUTHOR'],
        doc: 'Author that annotations and VEX documents state.',
        defaultText: 'the name of the user',
      },
      text(),
    ),
    in_policy: setting(
      {
        env: 'WINDLASS_VEX_IN_POLICY',
        doc: 'Policies do not see vulnerabilities that an annotation or a VEX statement calls `not_affected` or `fixed`.',
      },
      flag(true),
    ),
    user_base_images: setting(
      {
        env: 'WINDLASS_USER_BASE_IMAGES',
        aliases: ['ANCHORE_ENABLE_USER_BASE_IMAGE'],
        doc: 'A base image that a user marked by the annotation `anchore.user/marked_base_image` goes before the nearest ancestor.',
      },
      flag(true),
    ),
  }),
};
