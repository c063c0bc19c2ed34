/** A content digest in OCI form, `sha256:<64 lower-case hex>` (OCI image spec, "Digests"). */
export type Digest = `sha256:${string}`;

const DIGEST = /^sha256:[a-f0-9]{64}$/;

/** True when `text` is a well-formed lower-case sha256 digest. */
export function isDigest(text: string): text is Digest {
  return DIGEST.test(text);
}
