import { type RawAnswer, rawAnswer } from '#platform/http/index.ts';

/** Sends a browser on, with cookies to be set. */
export function redirect(url: string, cookies: readonly string[] = []): RawAnswer {
  const headers: Record<string, string> = { location: url, 'cache-control': 'no-store' };
  // Several Set-Cookie headers cannot be joined into one: the type of the answer allows a list at run time.
  if (cookies.length > 0) Object.assign(headers, { 'set-cookie': cookies.length === 1 ? cookies[0] : [...cookies] });
  return rawAnswer('', { status: 303, contentType: 'text/plain; charset=utf-8', headers });
}
