import type { KubernetesConnection } from '#agents/kubernetes/index.ts';
import { pemText } from './cluster-config.ts';
import { tokenReadings } from './credential-text.ts';

/** Place of a stored credential. */
export function credentialPurpose(account: string, cluster: string): string {
  return `inventory-cluster:${account}/${cluster}`;
}

/** What a connection is made of. */
export interface ClusterAccess {
  cluster_server: string;
  cluster_certificate: string;
  client_certificate: string | null;
  credential_type: 'token' | 'private_key';
  /** Plain. */
  credential: string;
}

/**
 * Connections to try in turn while credentials are refused: one for each reading of the credential. Only the given
 * authority is trusted.
 */
export function clusterConnections(access: ClusterAccess): KubernetesConnection[] {
  const { cluster_server: server, cluster_certificate, client_certificate, credential_type, credential } = access;
  const trust = { ca: pemText(cluster_certificate), caOnly: true };
  if (credential_type === 'private_key') {
    const tls = { ...trust, cert: pemText(client_certificate ?? ''), key: pemText(credential) };
    return [{ server, tls, headers: async () => ({}) }];
  }
  return tokenReadings(credential).map((token) => ({
    server,
    tls: trust,
    headers: async () => ({ authorization: `Bearer ${token}` }),
  }));
}
