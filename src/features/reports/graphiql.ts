import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rawAnswer } from '#platform/http/answers.ts';
import { notFound } from '#shared/errors.ts';

/** The page that writes queries, as the web interface was built with it. */
const PAGE = join(import.meta.dirname, '../../../web/dist/graphiql.html');

/** Its scripts and styles are files of this server; the editor sets styles of elements. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

/** The page, for browsers. 404 while the web interface is not built. */
export async function graphiqlPage() {
  const page = await readFile(PAGE).catch(() => undefined);
  if (!page) throw notFound('the page to write queries is not built: send queries by another client');
  return rawAnswer(page, {
    contentType: 'text/html; charset=utf-8',
    headers: { 'content-security-policy': POLICY, 'cache-control': 'no-cache' },
  });
}
