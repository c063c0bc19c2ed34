export {
  createKubernetesClient,
  DEFAULT_LIMITS,
  type KubernetesClient,
  type KubernetesConnection,
  type KubernetesLimits,
} from './client.ts';
export { KubernetesError, type KubernetesFailure } from './errors.ts';
export { kubeconfigConnection } from './kubeconfig.ts';
export { type NamespaceImages, readRunningImages } from './running-images.ts';
