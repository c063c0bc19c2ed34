import type { AnchoreImage } from '#contract/images-schemas.ts';
import type { Column } from '../../terminal/table.ts';

/** Images as the API lists them. */
export const IMAGE_COLUMNS: Column<AnchoreImage>[] = [
  { title: 'tag', value: (image) => image.image_detail?.[0]?.full_tag ?? '' },
  { title: 'digest', value: (image) => image.image_digest, keep: true },
  { title: 'status', value: (image) => image.analysis_status, keep: true, word: true },
  { title: 'distro', value: distroOf },
];

/** `debian 12`. */
export function distroOf({ image_content: content }: AnchoreImage): string {
  return [content?.metadata?.distro, content?.metadata?.distro_version].filter(Boolean).join(' ');
}
