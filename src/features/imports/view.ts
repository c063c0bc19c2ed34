import type { ImageImportOperation } from '#contract/image-imports-schemas.ts';
import type { ContentRow, ImportRow } from './store.ts';

/** What the operations of images and of sources have in common on the wire. */
export function importView(row: ImportRow): Required<ImageImportOperation> {
  return {
    uuid: row.uuid,
    status: row.status as NonNullable<ImageImportOperation['status']>,
    expires_at: row.expires_at.toISOString(),
    created_at: row.created_at.toISOString(),
  };
}

/** The answer to a content that was sent. */
export function contentView(row: ContentRow): { digest: string; created_at: string } {
  return { digest: row.digest, created_at: row.created_at.toISOString() };
}
