import { errors, type JWTPayload, jwtVerify } from 'jose';
import { forbidden } from '#shared/errors.ts';
import { CLOCK_SKEW_MS } from '../types.ts';
import type { Discovery, ProviderDocument } from './discovery.ts';

/** Signatures by a key of the provider only: none that the client secret could make. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** What a token of the provider is checked against. */
export interface ExpectedToken {
  clientId: string;
  now: number;
}

/** Checks an ID token (OpenID Connect Core §3.1.3.7) and returns its claims. Throws 403 with the reason. */
export async function checkIdToken(
  discovery: Discovery,
  document: ProviderDocument,
  token: string,
  expected: ExpectedToken & { nonce: string },
): Promise<JWTPayload & { sub: string }> {
  const claims = await verifyToken(discovery, document, token, expected, ['sub', 'exp', 'iat']);
  const { sub, azp, aud, nonce } = claims;
  if (typeof sub !== 'string' || sub === '' || sub.length > 255) throw refused('it names no subject');
  if (nonce !== expected.nonce) throw refused('it answers another request');
  if ((Array.isArray(aud) && aud.length > 1) || azp !== undefined) {
    if (azp !== expected.clientId) throw refused('it is meant for another service');
  }
  return { ...claims, sub };
}

/** Checks signature, issuer, audience and times of a token. Throws 403 with the reason. */
export async function verifyToken(
  discovery: Discovery,
  document: ProviderDocument,
  token: string,
  expected: ExpectedToken,
  requiredClaims: string[],
): Promise<JWTPayload> {
  const verify = async (renew: boolean): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(token, await discovery.keys(document, renew), {
      algorithms: ALGORITHMS,
      issuer: document.issuer,
      audience: expected.clientId,
      clockTolerance: CLOCK_SKEW_MS / 1000,
      currentDate: new Date(expected.now),
      requiredClaims,
    });
    return payload;
  };
  try {
    const claims = await verify(false).catch((error: unknown) => {
      // The provider may have changed its keys.
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed)
        return verify(true);
      throw error;
    });
    if ((claims.iat ?? 0) * 1000 > expected.now + CLOCK_SKEW_MS) throw refused('it is from the future');
    return claims;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw refused(reasonOf(error));
    throw error;
  }
}

function reasonOf(error: Error): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return 'it is meant for another service';
    if (error.claim === 'iss') return 'it is of another provider';
    return `its claim ${error.claim} is not acceptable`;
  }
  return 'its signature is not accepted';
}

function refused(reason: string): Error {
  return forbidden(`Not authorized. The token does not count: ${reason}`);
}
