import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';

/** An OpenID provider on this machine, which signs in whoever `user` says. */
export interface OidcProviderServer {
  issuer: string;
  /** Claims of the next sign-in; `sub` among them. */
  user: Record<string, unknown>;
  /** Claims that only the userinfo endpoint gives. */
  userInfo: Record<string, unknown>;
  /** Changes the claims of the next ID token, after all others. */
  spoil: (claims: Record<string, unknown>) => Record<string, unknown>;
  /** Signs with another key than the published one. */
  wrongKey: boolean;
  /** A logout token with these claims beside the usual ones. */
  logoutToken(claims: Record<string, unknown>): Promise<string>;
  /** Publishes a new key in place of the old. */
  rotate(): Promise<void>;
  /** Requests of the token endpoint. */
  tokenRequests: { authorization: string | undefined; form: URLSearchParams }[];
  stop(): Promise<void>;
}

interface Pending {
  nonce: string;
  challenge: string;
  redirectUri: string;
  clientId: string;
}

/** Starts the provider on a free port of the loopback address. */
export async function startOidcProvider(): Promise<OidcProviderServer> {
  const codes = new Map<string, Pending>();
  let key = await newKey();
  const foreign = await newKey();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: OidcProviderServer = {
    issuer,
    user: { sub: 'subject-1', preferred_username: 'olga' },
    userInfo: {},
    spoil: (claims) => claims,
    wrongKey: false,
    logoutToken(claims) {
      const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
      const iat = Math.floor(Date.now() / 1000);
      const usual = { iss: issuer, aud: 'windlass', iat, exp: iat + 120, jti: randomBytes(8).toString('hex'), events };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'logout+jwt' })
        .sign(provider.wrongKey ? foreign.privateKey : key.privateKey);
    },
    async rotate() {
      key = await newKey();
    },
    tokenRequests: [],
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer);
    const json = (status: number, body: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname === '/.well-known/openid-configuration')
      return json(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        userinfo_endpoint: `${issuer}/userinfo`,
        end_session_endpoint: `${issuer}/logout`,
      });
    if (url.pathname === '/jwks')
      return json(200, { keys: [{ ...(await exportJWK(key.publicKey)), kid: key.kid, alg: 'ES256' }] });
    if (url.pathname === '/authorize') {
      const query = (name: string) => url.searchParams.get(name) ?? '';
      const code = randomBytes(16).toString('hex');
      codes.set(code, {
        nonce: query('nonce'),
        challenge: query('code_challenge'),
        redirectUri: query('redirect_uri'),
        clientId: query('client_id'),
      });
      const back = new URL(query('redirect_uri'));
      back.searchParams.set('code', code);
      back.searchParams.set('state', query('state'));
      return void response.writeHead(302, { location: back.href }).end();
    }
    if (url.pathname === '/userinfo') return json(200, { sub: provider.user.sub, ...provider.userInfo });
    if (url.pathname === '/token') {
      const form = new URLSearchParams(await text(request));
      provider.tokenRequests.push({ authorization: request.headers.authorization, form });
      const code = form.get('code') ?? '';
      const pending = codes.get(code);
      codes.delete(code);
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      if (!pending || challenge !== pending.challenge || form.get('redirect_uri') !== pending.redirectUri)
        return json(400, { error: 'invalid_grant' });
      return json(200, { access_token: 'access', token_type: 'Bearer', id_token: await idToken(pending) });
    }
    return json(404, {});
  }

  async function idToken({ nonce, clientId }: Pending): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, aud: clientId, iat: now, exp: now + 300, nonce, ...provider.user };
    return new SignJWT(provider.spoil(claims))
      .setProtectedHeader({ alg: 'ES256', kid: key.kid })
      .sign(provider.wrongKey ? foreign.privateKey : key.privateKey);
  }

  return provider;
}

async function newKey(): Promise<{ kid: string; publicKey: CryptoKey; privateKey: CryptoKey }> {
  return { kid: randomBytes(4).toString('hex'), ...(await generateKeyPair('ES256', { extractable: true })) };
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
