import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { InventoryClusterConfig, InventoryClusterRequest } from '#contract/inventory-clusters.ts';
import { badRequest } from '#shared/errors.ts';
import { tokenReadings } from './credential-text.ts';

/** A cluster as it is stored; the credential is still plain. */
export interface ClusterValues {
  cluster_name: string;
  inventory_type: 'kubernetes';
  cluster_server: string;
  cluster_certificate: string;
  client_certificate: string | null;
  credential_type: 'token' | 'private_key';
  credential: string;
  /** Empty: every namespace. */
  namespaces: string[];
}

const MAX_NAMESPACES = 1000;
/** RFC 1123 label: what Kubernetes takes as the name of a namespace. */
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Checks a request; throws 400 naming the field. */
export function clusterValues(request: InventoryClusterRequest): ClusterValues {
  const { cluster_name: name, inventory_type, cluster_config: config } = request;
  if (!name.trim()) throw badRequest('cluster_name must not be empty');
  if (name.length > 1024) throw badRequest('cluster_name must not have more than 1024 characters');
  const authority = pem(config.cluster_certificate, 'cluster_certificate');
  certificates(authority, 'cluster_certificate');
  return {
    cluster_name: name,
    inventory_type,
    cluster_server: server(config.cluster_server),
    cluster_certificate: config.cluster_certificate,
    client_certificate: checkCredential(config),
    credential_type: config.credential_type,
    credential: config.credential,
    namespaces: namespaces(config.namespaces ?? []),
  };
}

/** The text of a PEM document that came as base64, or as it is. */
export function pemText(value: string): string {
  const text = value.trim();
  return text.startsWith('-----BEGIN ') ? text : Buffer.from(text, 'base64').toString('utf8');
}

function pem(value: string, field: string): string {
  const text = pemText(value);
  if (!/-----BEGIN [A-Z ]+-----/.test(text)) throw badRequest(`${field} must be the base64 of a PEM document`);
  return text;
}

/** Every certificate of a PEM text; the first is the holder's own. */
function certificates(text: string, field: string): X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw badRequest(`${field} holds no certificate`);
  return blocks.map((block) => {
    try {
      return new X509Certificate(block);
    } catch (error) {
      throw badRequest(`${field} holds a certificate that cannot be read: ${(error as Error).message}`);
    }
  });
}

function server(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || !url.hostname) {
    throw badRequest('cluster_server must be an absolute https address');
  }
  if (url.username || url.password || url.search || url.hash) {
    throw badRequest('cluster_server must hold neither credentials nor a query');
  }
  return text.trim().replace(/\/+$/, '');
}

/** Checks that the credential can be used; returns the client certificate when it takes part. */
function checkCredential(config: InventoryClusterConfig): string | null {
  const { credential_type: type, credential, client_certificate: own } = config;
  if (!credential.trim()) throw badRequest('credential must not be empty');
  if (type === 'token') {
    if (tokenReadings(credential).length === 0) throw badRequest('credential holds characters that no token has');
    return own || null;
  }
  if (!own) throw badRequest('client_certificate is a required property with credential_type private_key');
  const [leaf] = certificates(pem(own, 'client_certificate'), 'client_certificate');
  const key = privateKey(pem(credential, 'credential'));
  if (!leaf!.checkPrivateKey(key)) throw badRequest('credential is not the private key of client_certificate');
  return own;
}

function privateKey(text: string) {
  try {
    return createPrivateKey(text);
  } catch {
    // the cause may quote the key
    throw badRequest('credential holds no unencrypted PEM private key');
  }
}

function namespaces(names: readonly string[]): string[] {
  if (names.length > MAX_NAMESPACES) throw badRequest(`namespaces must not have more than ${MAX_NAMESPACES} elements`);
  for (const name of names) {
    if (!NAMESPACE.test(name)) throw badRequest(`namespaces: '${name.slice(0, 100)}' is no name of a namespace`);
  }
  return [...new Set(names)];
}
