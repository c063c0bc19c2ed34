import { SignedXml } from 'xml-crypto';
import type { SamlKeyPair } from './key-pairs.ts';
import { DSIG } from './signature.ts';

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** Puts an enveloped signature (RSA, SHA-256) behind the issuer of a message of ours, for the HTTP-POST binding. */
export function signMessage(xml: string, pair: Pick<SamlKeyPair, 'privateKey' | 'certificate'>): string {
  const signer = new SignedXml({
    privateKey: pair.privateKey,
    publicCert: pair.certificate.toString(),
    canonicalizationAlgorithm: EXCLUSIVE,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  });
  signer.addReference({
    xpath: '/*',
    transforms: [`${DSIG}enveloped-signature`, EXCLUSIVE],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  });
  const location = { reference: "/*/*[local-name(.)='Issuer']", action: 'after' } as const;
  signer.computeSignature(xml, { prefix: 'ds', location });
  return signer.getSignedXml();
}
