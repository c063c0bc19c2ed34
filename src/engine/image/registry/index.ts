export {
  createRegistryClient,
  type ManifestHead,
  type RegistryClient,
  type RegistryClientOptions,
  type TagList,
} from './client.ts';
export { type CredentialSource, type Credentials, fixedCredentials } from './credentials.ts';
export { credentialFiles, machineCredentials } from './docker-config.ts';
export { openRegistryImage } from './registry-image.ts';
