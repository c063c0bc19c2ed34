import { randomUUID } from 'node:crypto';
import type {
  ArtifactReference,
  ArtifactRelationship,
  RelationshipSbomDiff,
} from '#contract/artifact-relationships.ts';
import type { Package } from '#engine/model/package.ts';
import type { ImageService } from '#features/images/index.ts';
import type { SourceService } from '#features/sources/index.ts';
import { storableText } from '#platform/database/json.ts';
import type { Database } from '#platform/database/types.ts';
import { AppError, badRequest, notFound } from '#shared/errors.ts';
import { isUuid } from '#shared/uuid.ts';
import { sbomDiff } from './sbom-diff.ts';
import {
  type ArtifactKind,
  deleteRelationships,
  findRelationship,
  listRelationships,
  type RelationshipRow,
  saveRelationship,
} from './store.ts';

const MAX_COMMENT = 10_000;
const MAX_METADATA_BYTES = 64 * 1024;

export interface RelationshipServiceDependencies {
  database: Database;
  images: Pick<ImageService, 'get' | 'analysis'>;
  sources: Pick<SourceService, 'get' | 'analysis'>;
}

export type RelationshipService = ReturnType<typeof createRelationshipService>;

/** Directed relations between images and sources of an account. */
export function createRelationshipService(deps: RelationshipServiceDependencies) {
  const { images, sources } = deps;
  const { db } = deps.database;

  async function get(account: string, uuid: string): Promise<RelationshipRow> {
    const row = isUuid(uuid) ? await findRelationship(db, account, uuid) : undefined;
    if (!row) throw notFound(`artifact relationship not found: ${uuid.slice(0, 100)}`);
    return row;
  }

  /** The artifact that a request names, in its canonical form; 400 when the account does not have it. */
  async function end(account: string, field: string, reference: ArtifactReference | undefined) {
    const { artifact_type: type, artifact_id: id } = reference ?? {};
    if (type === undefined || id === undefined)
      throw badRequest(`${field} is required, with artifact_type and artifact_id`);
    try {
      if (type === 'image') return { type, id: (await images.get(account, id)).digest };
      return { type, id: (await sources.get(account, id)).uuid };
    } catch (error) {
      if (error instanceof AppError && error.httpStatus === 404) throw badRequest(`${field}: ${error.message}`);
      throw error;
    }
  }

  async function packagesOf(account: string, type: string, id: string): Promise<Package[]> {
    const { analysis } =
      (type as ArtifactKind) === 'image' ? await images.analysis(account, id) : await sources.analysis(account, id);
    return analysis.packages;
  }

  return {
    get,

    /** Newest first; with a type or an id, relations that have such an artifact at either end. */
    async list(account: string, filter: { type?: string | undefined; id?: string | undefined }) {
      return listRelationships(db, account, {
        ...filter,
        ...(filter.id === undefined ? {} : { id: filter.id.toLowerCase() }),
      });
    },

    /** Stores a relation. The same one again keeps its id, and gets the comment and the metadata of the request. */
    async add(account: string, body: ArtifactRelationship): Promise<RelationshipRow> {
      const { relationship_type: type, comment, user_metadata: metadata } = body;
      if (type === undefined) throw badRequest("'relationship_type' is a required property");
      if (comment !== undefined && comment.length > MAX_COMMENT)
        throw badRequest(`comment is longer than ${MAX_COMMENT} characters`);
      if (metadata !== undefined && JSON.stringify(metadata).length > MAX_METADATA_BYTES)
        throw badRequest(`user_metadata is larger than ${MAX_METADATA_BYTES} bytes`);
      const source = await end(account, 'source', body.source);
      const target = await end(account, 'target', body.target);
      if (source.type === target.type && source.id === target.id)
        throw badRequest('an artifact has no relationship with itself');
      return saveRelationship(db, account, {
        uuid: randomUUID(),
        source_type: source.type,
        source_id: source.id,
        target_type: target.type,
        target_id: target.id,
        relationship_type: type,
        comment: comment === undefined ? null : storableText(comment),
        user_metadata: metadata ?? null,
      });
    },

    /** Deletes relations; tells which there were, and which were not. */
    async remove(account: string, uuids: string[]): Promise<{ deleted: string[]; not_found: string[] }> {
      if (uuids.length === 0) throw badRequest("'relationship_ids' is a required property");
      const malformed = uuids.find((uuid) => !isUuid(uuid));
      if (malformed !== undefined) throw badRequest(`relationship_ids: ${malformed.slice(0, 100)} is not a UUID`);
      const wanted = [...new Set(uuids.map((uuid) => uuid.toLowerCase()))];
      const deleted = new Set(await deleteRelationships(db, account, wanted));
      return { deleted: [...deleted].sort(), not_found: wanted.filter((uuid) => !deleted.has(uuid)).sort() };
    },

    /** What differs between the packages of both ends; 404 when one is gone or not analysed. */
    async diff(account: string, uuid: string): Promise<RelationshipSbomDiff> {
      const row = await get(account, uuid);
      return sbomDiff(
        await packagesOf(account, row.source_type, row.source_id),
        await packagesOf(account, row.target_type, row.target_id),
      );
    },
  };
}
