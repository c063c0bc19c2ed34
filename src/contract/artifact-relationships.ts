import { z } from 'zod';
import { queryList, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Part of `ArtifactReference`. */
export const ArtifactType = z.enum(['source', 'image']).meta({ id: 'ArtifactType' });
export type ArtifactType = z.output<typeof ArtifactType>;

/** Part of `ArtifactRelationship`. */
export const ArtifactReference = z
  .object({
    artifact_id: z.string().optional(),
    artifact_type: ArtifactType.optional(),
  })
  .meta({ id: 'ArtifactReference' });
export type ArtifactReference = z.output<typeof ArtifactReference>;

/** Part of `ArtifactRelationship`. */
export const RelationshipType = z.enum(['contains', 'contained_by']).meta({ id: 'RelationshipType' });
export type RelationshipType = z.output<typeof RelationshipType>;

/** Body of `add_artifact_relationship`. */
export const ArtifactRelationship = z
  .object({
    /** Given by the server. */
    relationship_id: z.string().optional(),
    created_at: timestamp.optional(),
    source: ArtifactReference.optional(),
    target: ArtifactReference.optional(),
    relationship_type: RelationshipType.optional(),
    comment: z.string().optional(),
    user_metadata: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'ArtifactRelationship' });
export type ArtifactRelationship = z.output<typeof ArtifactRelationship>;

/** Answer of `list_artifact_relationships`. */
export const ArtifactRelationships = z.array(ArtifactRelationship).meta({ id: 'ArtifactRelationships' });
export type ArtifactRelationships = z.output<typeof ArtifactRelationships>;

/** Part of `ModifiedPackage`, `RelationshipSbomDiff`. */
export const Package = z
  .object({
    name: z.string().optional(),
    version: z.string().optional(),
    release: z.string().optional(),
    sourcepkg: z.string().optional(),
    location: z.string().optional(),
    origin: z.string().optional(),
    size: z.int().optional(),
    licenses: z.array(z.string()).optional(),
    metadata_type: z.string().optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
    specification_version: z.string().optional(),
    implementation_version: z.string().optional(),
    maven_version: z.string().optional(),
    cpes: z.array(z.string()).optional(),
    purl: z.string().optional(),
  })
  .meta({ id: 'Package' });
export type Package = z.output<typeof Package>;

/** Part of `CustomJsonPatch`. */
export const JsonPatchOperationList = z.array(z.string()).meta({ id: 'JsonPatchOperationList' });
export type JsonPatchOperationList = z.output<typeof JsonPatchOperationList>;

/** Part of `JsonPatchAdd`, `JsonPatchCopy`, `JsonPatchMove` and others. */
export const JsonPointer = z
  .string()
  .regex(/^(\/[^/~]*(~[01][^/~]*)*)*$/)
  .meta({ id: 'JsonPointer' });
export type JsonPointer = z.output<typeof JsonPointer>;

/** Part of `JsonPatchAddList`. */
export const JsonPatchAdd = z
  .object({
    id: z.string().optional(),
    op: z.enum(['add']),
    path: JsonPointer,
    value: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'JsonPatchAdd' });
export type JsonPatchAdd = z.output<typeof JsonPatchAdd>;

/** Part of `CustomJsonPatch`. */
export const JsonPatchAddList = z.array(JsonPatchAdd).meta({ id: 'JsonPatchAddList' });
export type JsonPatchAddList = z.output<typeof JsonPatchAddList>;

/** Part of `JsonPatchRemoveList`. */
export const JsonPatchRemove = z
  .object({
    id: z.string().optional(),
    op: z.enum(['remove']),
    path: JsonPointer,
  })
  .meta({ id: 'JsonPatchRemove' });
export type JsonPatchRemove = z.output<typeof JsonPatchRemove>;

/** Part of `CustomJsonPatch`. */
export const JsonPatchRemoveList = z.array(JsonPatchRemove).meta({ id: 'JsonPatchRemoveList' });
export type JsonPatchRemoveList = z.output<typeof JsonPatchRemoveList>;

/** Part of `JsonPatchReplaceList`. */
export const JsonPatchReplace = z
  .object({
    id: z.string().optional(),
    op: z.enum(['replace']),
    path: JsonPointer,
    value: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'JsonPatchReplace' });
export type JsonPatchReplace = z.output<typeof JsonPatchReplace>;

/** Part of `CustomJsonPatch`. */
export const JsonPatchReplaceList = z.array(JsonPatchReplace).meta({ id: 'JsonPatchReplaceList' });
export type JsonPatchReplaceList = z.output<typeof JsonPatchReplaceList>;

/** Part of `JsonPatchMoveList`. */
export const JsonPatchMove = z
  .object({
    id: z.string().optional(),
    op: z.enum(['move']),
    path: JsonPointer,
    from: JsonPointer,
  })
  .meta({ id: 'JsonPatchMove' });
export type JsonPatchMove = z.output<typeof JsonPatchMove>;

/** Part of `CustomJsonPatch`. */
export const JsonPatchMoveList = z.array(JsonPatchMove).meta({ id: 'JsonPatchMoveList' });
export type JsonPatchMoveList = z.output<typeof JsonPatchMoveList>;

/** Part of `JsonPatchCopyList`. */
export const JsonPatchCopy = z
  .object({
    id: z.string().optional(),
    op: z.enum(['copy']),
    path: JsonPointer,
    from: JsonPointer,
  })
  .meta({ id: 'JsonPatchCopy' });
export type JsonPatchCopy = z.output<typeof JsonPatchCopy>;

/** Part of `CustomJsonPatch`. */
export const JsonPatchCopyList = z.array(JsonPatchCopy).meta({ id: 'JsonPatchCopyList' });
export type JsonPatchCopyList = z.output<typeof JsonPatchCopyList>;

/** Part of `JsonPatchTestList`. */
export const JsonPatchTest = z
  .object({
    id: z.string().optional(),
    op: z.enum(['test']),
    path: JsonPointer,
    value: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'JsonPatchTest' });
export type JsonPatchTest = z.output<typeof JsonPatchTest>;

/** Part of `CustomJsonPatch`. */
export const JsonPatchTestList = z.array(JsonPatchTest).meta({ id: 'JsonPatchTestList' });
export type JsonPatchTestList = z.output<typeof JsonPatchTestList>;

/** Part of `ModifiedPackage`. */
export const CustomJsonPatch = z
  .object({
    operations: JsonPatchOperationList.optional(),
    add: JsonPatchAddList.optional(),
    remove: JsonPatchRemoveList.optional(),
    replace: JsonPatchReplaceList.optional(),
    move: JsonPatchMoveList.optional(),
    copy: JsonPatchCopyList.optional(),
    test: JsonPatchTestList.optional(),
  })
  .meta({ id: 'CustomJsonPatch' });
export type CustomJsonPatch = z.output<typeof CustomJsonPatch>;

/** Part of `RelationshipSbomDiff`. */
export const ModifiedPackage = z
  .object({
    source: Package.optional(),
    target: Package.optional(),
    patch: CustomJsonPatch.optional(),
  })
  .meta({ id: 'ModifiedPackage' });
export type ModifiedPackage = z.output<typeof ModifiedPackage>;

/** Answer of `get_relationship_sbom_diff`. */
export const RelationshipSbomDiff = z
  .object({
    source_only: z.array(Package).optional(),
    target_only: z.array(Package).optional(),
    source_modified: z.array(ModifiedPackage).optional(),
    both_unmodified: z.array(Package).optional(),
  })
  .meta({ id: 'RelationshipSbomDiff' });
export type RelationshipSbomDiff = z.output<typeof RelationshipSbomDiff>;

/** Operations of artifact relationships. */
export const artifactRelationshipsOperations = {
  /** List artifact relationships. */
  list_artifact_relationships: defineOperation({
    id: 'list_artifact_relationships',
    method: 'GET',
    path: '/artifact-relationships',
    tag: 'Relationships',
    summary: 'List artifact relationships',
    permission: { action: 'listArtifactRelationships', domain: 'account' },
    query: z.object({
      artifact_type: z.string().optional(),
      artifact_id: z.string().optional(),
    }),
    success: { status: 200, schema: ArtifactRelationships },
    errors: [403, 500],
  }),
  /** Add artifact relationship. */
  add_artifact_relationship: defineOperation({
    id: 'add_artifact_relationship',
    method: 'POST',
    path: '/artifact-relationships',
    tag: 'Relationships',
    summary: 'Add artifact relationship',
    permission: { action: 'createArtifactRelationship', domain: 'account' },
    body: ArtifactRelationship,
    success: { status: 200, schema: z.record(z.string(), z.unknown()) },
    errors: [400, 403, 500],
  }),
  /** Delete artifact relationships. */
  delete_artifact_relationships: defineOperation({
    id: 'delete_artifact_relationships',
    method: 'DELETE',
    path: '/artifact-relationships',
    tag: 'Relationships',
    summary: 'Delete artifact relationships',
    permission: { action: 'deleteArtifactRelationships', domain: 'account' },
    query: z.object({
      relationship_ids: queryList(z.string()),
    }),
    success: { status: 200, schema: z.record(z.string(), z.unknown()) },
    errors: [400, 403, 500],
  }),
  /** Read relationship SBOM diff. */
  get_relationship_sbom_diff: defineOperation({
    id: 'get_relationship_sbom_diff',
    method: 'GET',
    path: '/artifact-relationships/{relationship_id}/diffs/sbom',
    tag: 'Relationships',
    summary: 'Read relationship SBOM diff',
    permission: { action: 'getArtifactRelationshipDiff', domain: 'account' },
    params: z.object({ relationship_id: z.string() }),
    success: { status: 200, schema: RelationshipSbomDiff },
    errors: [403, 500],
  }),
  /** Read artifact relationship. */
  get_artifact_relationship: defineOperation({
    id: 'get_artifact_relationship',
    method: 'GET',
    path: '/artifact-relationships/{relationship_id}',
    tag: 'Relationships',
    summary: 'Read artifact relationship',
    permission: { action: 'getArtifactRelationship', domain: 'account' },
    params: z.object({ relationship_id: z.string() }),
    success: { status: 200, schema: ArtifactRelationship },
    errors: [403, 404, 500],
  }),
};
