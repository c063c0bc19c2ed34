export { relationshipRoutes } from './routes.ts';
export { createRelationshipService, type RelationshipService } from './service.ts';
