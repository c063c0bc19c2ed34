export { mostSpecificRegistry } from './match-registry.ts';
export { registryRoutes } from './routes.ts';
export { createRegistryService, type RegistryCredentials, type RegistryService } from './service.ts';
