import { type ArtifactRelationship, artifactRelationshipsOperations } from '#contract/artifact-relationships.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { present } from '#shared/present.ts';
import type { RelationshipService } from './service.ts';
import type { ArtifactKind, RelationshipRow } from './store.ts';

/** Handlers of the operations on artifact relationships. */
export function relationshipRoutes(relationships: RelationshipService): BoundOperation[] {
  return bindOperations(artifactRelationshipsOperations, {
    list_artifact_relationships: async ({ account, query }) =>
      (await relationships.list(account, { type: query.artifact_type, id: query.artifact_id })).map(view),
    add_artifact_relationship: async ({ account, body }) => ({ ...view(await relationships.add(account, body)) }),
    delete_artifact_relationships: ({ account, query }) => relationships.remove(account, query.relationship_ids),
    get_artifact_relationship: async ({ account, params }) =>
      view(await relationships.get(account, params.relationship_id)),
    get_relationship_sbom_diff: ({ account, params }) => relationships.diff(account, params.relationship_id),
  });
}

function view(row: RelationshipRow): ArtifactRelationship {
  return present({
    relationship_id: row.uuid,
    created_at: row.created_at.toISOString(),
    source: { artifact_type: row.source_type as ArtifactKind, artifact_id: row.source_id },
    target: { artifact_type: row.target_type as ArtifactKind, artifact_id: row.target_id },
    relationship_type: row.relationship_type as NonNullable<ArtifactRelationship['relationship_type']>,
    comment: row.comment,
    user_metadata: row.user_metadata as Record<string, unknown> | null,
  });
}
