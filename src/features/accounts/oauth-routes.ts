import type { TokenResponse } from '#contract/oauth.ts';
import { oauthOperations } from '#contract/oauth.ts';
import { API_KEY_USERNAME } from '#platform/auth/api-key.ts';
import type { Authenticator } from '#platform/auth/authenticate.ts';
import { parseAuthorization } from '#platform/auth/authorization-header.ts';
import type { TokenPair, Tokens } from '#platform/auth/tokens.ts';
import type { Answer } from '#platform/http/answers.ts';
import type { BoundOperation, RawAnswer } from '#platform/http/index.ts';
import { answer, bindOperations, rawAnswer } from '#platform/http/index.ts';
import { AppError, permissionDenied, unauthorized } from '#shared/errors.ts';

/** Tokens must not stay in caches (RFC 6749 §5.1). */
const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** Error codes of RFC 6749 §5.2. */
type OAuthError = 'invalid_request' | 'invalid_grant' | 'unsupported_grant_type';

/** The form of a token request, with the caller's address. */
export interface GrantRequest {
  assertion?: string | undefined;
  client_id?: string | undefined;
  address: string;
  requestId: string;
}

/** Makes an access token of a request, without a refresh token: the issuer of the grant keeps the last word. Throws 400, 403. */
export type TokenGrant = (request: GrantRequest) => Promise<{ accessToken: string; expiresIn: number }>;

/** Routes that issue and revoke tokens (RFC 6749 password and refresh grants, RFC 7009). */
export function oauthRoutes(options: {
  authenticator: Authenticator;
  tokens: Tokens;
  grants: ReadonlyMap<string, TokenGrant>;
}): BoundOperation[] {
  const { authenticator, tokens, grants } = options;

  async function passwordGrant(
    username: string | undefined,
    password: string | undefined,
    address: string,
  ): Promise<Answer<TokenResponse> | RawAnswer> {
    if (username === undefined || password === undefined) {
      return refusal('invalid_request', 'username and password are required');
    }
    // A key must not be turned into something that outlives it.
    if (username === API_KEY_USERNAME) throw permissionDenied('system', 'createToken');
    const identity = await authenticator.checkPassword(username, password, address);
    if (!identity) return refusal('invalid_grant', 'Invalid username or password');
    return success(await tokens.issue(identity.userUuid));
  }

  async function refreshGrant(token: string | undefined): Promise<Answer<TokenResponse> | RawAnswer> {
    if (token === undefined) return refusal('invalid_request', 'refresh_token is required');
    const pair = await tokens.refresh(token, (claims) => authenticator.mayRefresh(claims));
    return pair ? success(pair) : refusal('invalid_grant', 'The refresh token is invalid, expired or revoked');
  }

  async function otherGrant(grant: TokenGrant, request: GrantRequest): Promise<Answer<TokenResponse> | RawAnswer> {
    if (request.assertion === undefined) return refusal('invalid_request', 'assertion is required');
    try {
      const { accessToken, expiresIn } = await grant(request);
      const body = { access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn };
      return answer(body, { headers: NO_STORE });
    } catch (error) {
      // RFC 7522 §3.1: whatever is wrong with the assertion is an invalid grant.
      if (error instanceof AppError && error.httpStatus < 500) return refusal('invalid_grant', error.message);
      throw error;
    }
  }

  return bindOperations(oauthOperations, {
    async get_oauth_token({ body, headers, remoteAddress, requestId }) {
      const form: Partial<NonNullable<typeof body>> = body ?? {};
      const grant = form.grant_type ?? 'password';
      if (grant === 'refresh_token') return refreshGrant(form.refresh_token);
      const other = grants.get(grant);
      if (other) {
        const { assertion, client_id } = form;
        return otherGrant(other, { assertion, client_id, address: remoteAddress, requestId });
      }
      if (grant !== 'password') return refusal('unsupported_grant_type', `Grant type ${grant} is not supported`);
      if (form.username !== undefined || form.password !== undefined) {
        return passwordGrant(form.username, form.password, remoteAddress);
      }
      if (form.refresh_token !== undefined) return refreshGrant(form.refresh_token);
      const presented = parseAuthorization(headers.authorization);
      const basic = presented?.kind === 'basic' ? presented : undefined;
      return passwordGrant(basic?.username, basic?.password, remoteAddress);
    },
    async revoke_oauth_token({ body }) {
      const form: Partial<NonNullable<typeof body>> = body ?? {};
      if (form.token_type_hint !== undefined && form.token_type_hint !== 'refresh_token') throw unauthorized();
      if (!form.token) return refusal('invalid_request', 'token is required');
      await tokens.revoke(form.token);
      return undefined;
    },
  });
}

function success(pair: TokenPair): Answer<TokenResponse> {
  return answer(
    {
      access_token: pair.accessToken,
      token_type: 'Bearer',
      expires_in: pair.expiresIn,
      refresh_token: pair.refreshToken,
    },
    { headers: NO_STORE },
  );
}

/** The error of the standard, together with the error body of this API. */
function refusal(error: OAuthError, description: string): RawAnswer {
  const body = {
    error,
    error_description: description,
    code: 400,
    httpcode: 400,
    error_type: error,
    message: description,
    detail: { error_codes: [] },
  };
  return rawAnswer(JSON.stringify(body), { status: 400, contentType: 'application/json', headers: NO_STORE });
}
