import type { Digest } from '../../model/digest.ts';
import { parseManifest } from '../manifest.ts';
import type { Descriptor } from '../types.ts';
import { answerError } from './answer-error.ts';
import { readBody } from './body.ts';
import { nextPage } from './pages.ts';
import { type RegistryTransport, single } from './transport.ts';

/** Whose referrers are asked for. */
export interface ReferrersQuery {
  repository: string;
  digest: Digest;
  host: string;
  scope: string;
  artifactType?: string;
  signal?: AbortSignal;
}

const MAX_INDEX = 8 * 1024 * 1024;
const MAX_PAGES = 100;

/** Referrers by API (OCI distribution spec 1.1), else by the fallback tag `sha256-<hex>`; empty when there are none. */
export async function listReferrers(transport: RegistryTransport, query: ReferrersQuery): Promise<Descriptor[]> {
  const filter = query.artifactType ? `?artifactType=${encodeURIComponent(query.artifactType)}` : '';
  const first = `/v2/${query.repository}/referrers/${query.digest}${filter}`;
  const all = (await pages(transport, query, first)) ?? (await pages(transport, query, fallbackTag(query))) ?? [];
  // Registries may ignore the filter.
  return query.artifactType ? all.filter(({ artifactType }) => artifactType === query.artifactType) : all;
}

function fallbackTag({ repository, digest }: ReferrersQuery): string {
  return `/v2/${repository}/manifests/${digest.replace(':', '-')}`;
}

async function pages(
  transport: RegistryTransport,
  query: ReferrersQuery,
  first: string,
): Promise<Descriptor[] | undefined> {
  const found: Descriptor[] = [];
  let path: string | undefined = first;
  for (let page = 0; path !== undefined && page < MAX_PAGES; page++) {
    const { scope, signal, host } = query;
    const headers = { accept: 'application/vnd.oci.image.index.v1+json' };
    const response = await transport.send({ path, scope, headers, ...(signal ? { signal } : {}) });
    const bytes = await readBody(response.body, MAX_INDEX, 'The list of referrers').finally(response.release);
    if (response.status === 404 || response.status === 405) return undefined;
    if (response.status !== 200) throw answerError(host, 'the list of referrers', response.status, bytes);
    const document = parseManifest(bytes);
    if (document.kind === 'index') found.push(...document.manifests);
    path = nextPage(single(response.headers.link), path);
  }
  return found;
}
