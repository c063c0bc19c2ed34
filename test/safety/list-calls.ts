import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';
import type { Client } from '../api/client.ts';
import type { ApiDocument, DocumentedOperation } from './document.ts';

/** A reading operation and the path to call it by. */
export interface ListCall {
  operation: DocumentedOperation;
  path: string;
}

/** They read another server, the whole installation, or a file. */
const NOT_LISTS = /openapi|export_feed|download|verify_audit|test_stored|saml|oidc|anchorectl|idp/;

/** Values of query parameters that must be there. */
const QUERY: Readonly<Record<string, string>> = {
  page: '1',
  id: 'CVE-2023-0001',
  name: 'openssl',
  query: '{__typename}',
};

/** Every operation that reads and answers this client with success, about things of the account where it names some. */
export async function listCalls(
  document: ApiDocument,
  client: Client,
  db: Db,
  account: string,
  words: Readonly<Record<string, string>> = {},
): Promise<ListCall[]> {
  const image = await sql<{ digest: string }>`
    select digest from image where account = ${account} order by digest limit 1`.execute(db);
  const digest = image.rows[0]?.digest ?? '';
  const calls: ListCall[] = [];
  for (const operation of document.operations) {
    if (operation.method !== 'GET' || NOT_LISTS.test(operation.id)) continue;
    const query = operation.parameters
      .filter((parameter) => parameter.in === 'query' && parameter.required)
      .map(({ name }) => `${name}=${encodeURIComponent(words[name] ?? QUERY[name] ?? digest)}`);
    const filled = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(name === 'account_name' ? account : (WORDS[name] ?? digest)),
    );
    const path = query.length ? `${filled}?${query.join('&')}` : filled;
    const { statusCode } = await client.get(path);
    if (statusCode < 300) calls.push({ operation, path });
  }
  return calls;
}

const WORDS: Readonly<Record<string, string>> = { vuln_type: 'all', content_type: 'os', role_name: 'read-only' };
