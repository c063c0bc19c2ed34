import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rawAnswer } from '#platform/http/answers.ts';
import { NOT_BUILT_YET } from '#platform/http/web-app.ts';

/** The page that writes queries, as the web interface was built with it. */
const PAGE = join(import.meta.dirname, '../../../web/dist/graphiql.html');

/** Its scripts and styles are files of this server; the editor sets styles of elements. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

const HEADERS = { 'content-security-policy': POLICY, 'cache-control': 'no-cache' };
const contentType = 'text/html; charset=utf-8';

/** The page, for browsers. While the web interface is not built, 503 with a page that comes back by itself. */
export async function graphiqlPage(path = PAGE) {
  const page = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (page) return rawAnswer(page, { contentType, headers: HEADERS });
  return rawAnswer(NOT_BUILT_YET, { contentType, status: 503, headers: { ...HEADERS, 'retry-after': '3' } });
}
