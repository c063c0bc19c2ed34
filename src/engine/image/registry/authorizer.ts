import type { Fetcher, FetcherTls } from '#shared/fetcher.ts';
import { isObject } from '#shared/json-object.ts';
import { RegistryError } from '../errors.ts';
import { readBody } from './body.ts';
import type { Challenge } from './challenge.ts';
import type { Clock } from './clock.ts';
import type { Credentials } from './credentials.ts';

/** Tokens are taken to live this long when nothing is said (distribution spec, token authentication). */
const DEFAULT_LIFE_S = 60;
/** A token is renewed this long before its end. */
const MARGIN_MS = 10_000;
const MAX_ANSWER = 1024 * 1024;
const CLIENT_ID = 'windlass';

/** Answers challenges with `Authorization` values, and keeps bearer tokens until they expire. */
export interface Authorizer {
  /** Value for a repository whose challenge is known already; undefined before the first challenge. */
  known(scope: string): Promise<string | undefined>;
  /** Answers a 401. Throws `RegistryError` (`unauthorized`) when there is nothing to answer with. */
  answer(challenges: readonly Challenge[], scope: string, rejected: string | undefined): Promise<string>;
}

/** What an authorizer needs. */
export interface AuthorizerOptions {
  fetcher: Fetcher;
  clock: Clock;
  /** For messages. */
  registry: string;
  credentials: Credentials | undefined;
  tls?: FetcherTls;
  /** Allow a token server without TLS: the registry itself is one. */
  allowHttp: () => boolean;
  signal?: AbortSignal;
}

interface Token {
  value: string;
  until: number;
}

/** Makes an authorizer for one registry and one set of credentials. */
export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const { clock, credentials, registry } = options;
  const chosen = new Map<string, Challenge>();
  const tokens = new Map<string, Token>();
  const pending = new Map<string, Promise<Token>>();

  function basic(): string | undefined {
    if (credentials === undefined || !('username' in credentials)) return undefined;
    return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
  }

  async function bearer(challenge: Challenge, scope: string, rejected?: string): Promise<string> {
    if (credentials !== undefined && 'registryToken' in credentials) return `Bearer ${credentials.registryToken}`;
    const key = JSON.stringify([challenge.parameters.realm, challenge.parameters.service, scope]);
    const held = tokens.get(key);
    if (held !== undefined && held.until > clock.now() && `Bearer ${held.value}` !== rejected)
      return `Bearer ${held.value}`;
    let request = pending.get(key);
    if (request === undefined) {
      request = requestToken(options, challenge, scope, basic()).finally(() => pending.delete(key));
      pending.set(key, request);
    }
    const token = await request;
    tokens.set(key, token);
    return `Bearer ${token.value}`;
  }

  return {
    async known(scope) {
      const challenge = chosen.get(scope);
      if (challenge === undefined) return undefined;
      return challenge.scheme === 'basic' ? basic() : bearer(challenge, challenge.parameters.scope ?? scope);
    },
    async answer(challenges, scope, rejected) {
      const token = challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.realm);
      if (token !== undefined) {
        chosen.set(scope, token);
        return bearer(token, token.parameters.scope ?? scope, rejected);
      }
      const value = basic();
      if (challenges.some(({ scheme }) => scheme === 'basic') && value !== undefined && value !== rejected) {
        chosen.set(scope, { scheme: 'basic', parameters: {} });
        return value;
      }
      if (credentials === undefined) {
        throw new RegistryError('unauthorized', `${registry} asks for credentials and there are none.`, {
          status: 401,
        });
      }
      const why =
        value === rejected ? 'does not accept the credentials' : 'asks for a way to log in that is not supported';
      throw new RegistryError('unauthorized', `${registry} ${why}.`, { status: 401 });
    },
  };
}

async function requestToken(
  options: AuthorizerOptions,
  challenge: Challenge,
  scope: string,
  basic: string | undefined,
): Promise<Token> {
  const { fetcher, credentials, registry } = options;
  const url = realmUrl(challenge, options);
  const { service } = challenge.parameters;
  const common = {
    ...(options.tls ? { tls: options.tls } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  };
  let response: Awaited<ReturnType<Fetcher['request']>>;
  if (credentials !== undefined && 'identityToken' in credentials) {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: CLIENT_ID,
      scope,
      refresh_token: credentials.identityToken,
    });
    if (service) form.set('service', service);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    response = await fetcher.request(url.href, {
      ...common,
      method: 'POST',
      headers,
      body: form.toString(),
      redirect: 'manual',
    });
  } else {
    if (service) url.searchParams.set('service', service);
    for (const part of scope.split(' ')) if (part !== '') url.searchParams.append('scope', part);
    const headers: Record<string, string> = { accept: 'application/json' };
    if (basic !== undefined) headers.authorization = basic;
    response = await fetcher.request(url.href, { ...common, headers, redirect: 'follow' });
  }
  const body = await readBody(response.body, MAX_ANSWER, 'The answer of the token server');
  if (response.status !== 200) throw tokenError(response.status, registry, credentials !== undefined);
  return parseToken(body, options);
}

function parseToken(body: Uint8Array, { clock, registry }: AuthorizerOptions): Token {
  let answer: unknown;
  try {
    answer = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    answer = undefined;
  }
  const fields = isObject(answer) ? answer : {};
  const value = [fields.token, fields.access_token].find((field) => typeof field === 'string' && field !== '');
  if (typeof value !== 'string' || /[\r\n]/.test(value)) {
    throw new RegistryError('invalid', `The token server of ${registry} gave no token.`);
  }
  const life = typeof fields.expires_in === 'number' && fields.expires_in > 0 ? fields.expires_in : DEFAULT_LIFE_S;
  return { value, until: clock.now() + Math.max(life * 1000 - MARGIN_MS, 1000) };
}

/** The realm is chosen by whoever answers for the registry: it must be a web address as safe as the registry's own. */
function realmUrl(challenge: Challenge, options: AuthorizerOptions): URL {
  const realm = challenge.parameters.realm ?? '';
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && !(url.protocol === 'http:' && options.allowHttp()))) {
    throw new RegistryError('invalid', `${options.registry} names a token server that is not reached by https.`);
  }
  url.username = '';
  url.password = '';
  return url;
}

function tokenError(status: number, registry: string, hadCredentials: boolean): RegistryError {
  if (status === 429)
    return new RegistryError('rate-limited', `The token server of ${registry} limits requests.`, { status });
  if (status === 401 || status === 403 || status === 400) {
    const why = hadCredentials ? 'does not accept the credentials' : 'gives no anonymous access';
    return new RegistryError('unauthorized', `The token server of ${registry} ${why}.`, { status });
  }
  return new RegistryError('unreachable', `The token server of ${registry} answered with status ${status}.`, {
    status,
  });
}
