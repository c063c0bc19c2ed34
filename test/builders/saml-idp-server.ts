import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inflateRawSync } from 'node:zlib';
import type { Identity } from './certificates.ts';
import { createSamlIdp, type ResponseOptions, type SamlIdp } from './saml-idp.ts';
import { logoutQuery, logoutXml } from './saml-logout.ts';

/** An identity provider with a page: its button signs in whoever `user` says. */
export interface SamlIdpServer extends SamlIdp {
  user: Pick<ResponseOptions, 'nameId' | 'attributes'>;
  /** The key in the published metadata, when it is not the first one. */
  published: Identity | undefined;
  /** Where it answers logout requests to. */
  logoutTo: string;
  /** Logout requests that it got, as XML. */
  logouts: string[];
  /** How often the metadata was fetched. */
  fetched: number;
  stop(): Promise<void>;
}

/** Starts the provider on a free port of the loopback address. It answers any service. */
export async function startSamlIdpServer(audience: string): Promise<SamlIdpServer> {
  let provider: SamlIdpServer;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', provider.ssoUrl);
    if (url.pathname === '/metadata') {
      provider.fetched += 1;
      return void response.end(provider.metadata(provider.published));
    }
    if (url.pathname === '/logout') return void logout(request, response, provider);
    const message = url.searchParams.get('SAMLRequest');
    if (message === null) return void response.writeHead(404).end();
    const xml = inflateRawSync(Buffer.from(message, 'base64')).toString();
    const inResponseTo = /\bID="([^"]+)"/.exec(xml)?.[1];
    const acsUrl = /AssertionConsumerServiceURL="([^"]+)"/.exec(xml)?.[1] ?? '';
    const answer = provider.respond({ acsUrl, audience, inResponseTo, ...provider.user });
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(
        `<!doctype html><html lang="en"><title>Provider</title><form method="post" action="${acsUrl}">` +
          `<input type="hidden" name="SAMLResponse" value="${answer}"><button>Continue</button></form></html>`,
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Another host than that of the tested server, so that a browser takes it for another site.
  const base = `http://localhost:${(server.address() as AddressInfo).port}`;
  provider = {
    ...createSamlIdp({
      entityId: `${base}/metadata`,
      ssoUrl: `${base}/sso`,
      logout: { url: `${base}/logout`, binding: 'HTTP-POST' },
    }),
    logoutTo: '',
    logouts: [],
    user: { nameId: 'jane' },
    published: undefined,
    fetched: 0,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return provider;
}

/** Takes a posted logout request and sends the browser back with a signed answer. */
async function logout(request: IncomingMessage, response: ServerResponse, provider: SamlIdpServer): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  const xml = Buffer.from(form.get('SAMLRequest') ?? '', 'base64').toString();
  provider.logouts.push(xml);
  const inResponseTo = /\bID="([^"]+)"/.exec(xml)?.[1] ?? '';
  const answer = logoutXml({ issuer: provider.entityId, destination: provider.logoutTo, inResponseTo });
  response.writeHead(303, { location: `${provider.logoutTo}?${logoutQuery(answer, provider.identity)}` }).end();
}
