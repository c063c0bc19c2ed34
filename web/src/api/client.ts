import { createClient } from '#client/index.ts';

/** The client of this page's own server, with the session cookie. The account goes with each call. */
export const client = createClient({ url: '', cookies: 'same-origin' });
