import type { AnchoreImage } from '#contract/images-schemas.ts';
import { present } from '#shared/present.ts';
import type { ImageRow } from './store.ts';
import { fullTag } from './tag-store.ts';

function iso(value: Date | string): string {
  return new Date(value).toISOString();
}

/** The V2 `AnchoreImage` of a stored row. */
export function anchoreImage(row: ImageRow): AnchoreImage & Record<string, unknown> {
  const imageId = (row.image_id ?? '').replace(/^sha256:/, '');
  return {
    account_name: row.account,
    analysis_status: row.analysis_status as AnchoreImage['analysis_status'],
    analysis_status_detail: row.status_history as AnchoreImage['analysis_status_detail'],
    ...(row.analysis_error ? { analysis_error: row.analysis_error } : {}),
    ...(row.progress ? { analysis_progress: row.progress } : {}),
    ...(row.analyzed_at ? { analyzed_at: iso(row.analyzed_at) } : {}),
    annotations: (row.annotations ?? {}) as Record<string, unknown>,
    created_at: iso(row.created_at),
    last_updated: iso(row.last_updated),
    image_content: {
      metadata: present({
        arch: row.arch,
        distro: row.distro_id,
        distro_version: row.distro_version,
        dockerfile_mode: row.dockerfile ? 'Actual' : (row.dockerfile_mode as 'Guessed' | null),
        extended_support: false,
        image_size: row.image_size,
        layer_count: row.layer_count,
      }),
    },
    image_detail: row.tags.map((tag) => ({
      account_name: row.account,
      created_at: iso(tag.created_at),
      last_updated: iso(row.last_updated),
      dockerfile: row.dockerfile,
      full_digest: `${tag.registry}/${tag.repository}@${row.digest}`,
      full_tag: fullTag(tag),
      image_digest: row.digest,
      image_id: imageId,
      registry: tag.registry,
      repo: tag.repository,
      tag: tag.tag,
      tag_detected_at: iso(tag.detected_at),
    })),
    image_digest: row.digest,
    image_id: imageId,
    image_status: row.image_status as AnchoreImage['image_status'],
    image_type: 'docker',
    parent_digest: row.parent_digest ?? row.digest,
    record_version: '1.0.0',
  };
}
