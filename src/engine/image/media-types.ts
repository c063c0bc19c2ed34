/** Manifests and indexes that can hold a container image, best first: sent as `Accept`. */
export const MANIFEST_MEDIA_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
  'application/vnd.docker.distribution.manifest.v1+json',
] as const;

/** Media type given to images that carry none. */
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
/** Docker's image manifest, version 2, schema 2. */
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
/** Docker's image configuration. */
export const DOCKER_CONFIG = 'application/vnd.docker.container.image.v1+json';
/** A bare layer of `docker save`. */
export const DOCKER_LAYER = 'application/vnd.docker.image.rootfs.diff.tar';

const IMAGE_CONFIGS = new Set([
  DOCKER_CONFIG,
  'application/vnd.oci.image.config.v1+json',
  'application/octet-stream', // early pushes of schema 2
  '',
]);

/** True when a configuration of this media type describes a container image. */
export function isImageConfig(mediaType: string): boolean {
  return IMAGE_CONFIGS.has(mediaType);
}

const ARTIFACTS: [RegExp, string][] = [
  [/helm/, 'a Helm chart'],
  [/wasm/, 'a WebAssembly module'],
  [/cosign|sigstore|notary|signature/, 'a signature'],
  [/in-toto|attestation/, 'an attestation'],
  [/spdx|cyclonedx|syft/, 'an SBOM'],
  [/policy|opa|conftest/, 'a policy bundle'],
  [/model|cncf\.model|ollama/, 'a model'],
  [/docker\.plugin/, 'a Docker plugin'],
  [/flux/, 'a Flux artifact'],
  [/singularity|sif/, 'a Singularity image'],
];

/** What an artifact of this type is, for people. */
export function describeArtifact(mediaType: string): string {
  const known = ARTIFACTS.find(([pattern]) => pattern.test(mediaType))?.[1];
  return known ?? `an artifact of type ${mediaType || 'unknown'}`;
}
