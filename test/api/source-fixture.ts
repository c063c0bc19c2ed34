import type { Client } from './client.ts';

/** A package of a native SBOM. */
export interface SbomPackage {
  name: string;
  version: string;
  type?: string;
  path?: string;
  licenses?: string[];
}

const PURL_TYPES: Record<string, string> = { npm: 'npm', python: 'pypi', gem: 'gem', 'go-module': 'golang' };

/** A native SBOM of a directory. */
export function nativeSbomOf(packages: SbomPackage[], name = 'web'): Record<string, unknown> {
  return {
    artifacts: packages.map(({ name, version, type = 'npm', path = '/package-lock.json', licenses = [] }) => ({
      id: `${type}-${name}-${version}`,
      name,
      version,
      type,
      foundBy: 'javascript-lock-cataloger',
      locations: [{ path }],
      licenses,
      language: type === 'npm' ? 'javascript' : '',
      cpes: [],
      purl: `pkg:${PURL_TYPES[type] ?? 'generic'}/${name}@${version}`,
    })),
    source: { id: 'source', name, version: '', type: 'directory', metadata: { path: '.' } },
    distro: {},
    descriptor: { name: 'syft', version: '1.0.0' },
    x_extra: { kept: true },
  };
}

/** What names a source. */
export interface SourceIdentity {
  host: string;
  repository_name: string;
  revision: string;
}

/** Sends an SBOM and makes it a source. Returns the uuids of the source and of the operation. */
export async function importSource(
  client: Client,
  source: SourceIdentity,
  sbom: object,
  more: Record<string, unknown> = {},
): Promise<{ uuid: string; operation: string }> {
  const operation = (await client.post('/imports/sources')).json().uuid as string;
  const sent = await client.post(`/imports/sources/${operation}/sbom`, sbom);
  const answer = await client.post(`/imports/sources/${operation}/finalize`, {
    ...source,
    ...more,
    contents: { sbom: sent.json().digest },
  });
  if (answer.statusCode !== 200) throw new Error(`finalize: ${answer.statusCode} ${answer.body}`);
  return { uuid: answer.json().uuid, operation };
}
