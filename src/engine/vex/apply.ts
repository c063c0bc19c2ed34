import { namesImage, type VexImage } from './image-match.ts';
import { purlMatches } from './purl-match.ts';
import type { VexIdentity, VexProduct, VexStatement } from './types.ts';

/** A package with a vulnerability: what a statement is looked for. */
export interface VexSubject {
  /** Id of the vulnerability and its aliases. */
  vulnerabilities: string[];
  purl?: string | undefined;
  version: string;
  cpes?: readonly string[] | undefined;
}

/** Chooses the statement that holds: the newest that concerns the package; of equally old ones the last given. */
export function findStatement<S extends VexStatement>(
  statements: readonly S[],
  image: VexImage | undefined,
  subject: VexSubject,
): S | undefined {
  let best: S | undefined;
  for (const statement of statements) {
    if (!statement.vulnerabilities.some((id) => sameId(id, subject.vulnerabilities))) continue;
    if (!statement.products.some((product) => concerns(product, image, subject))) continue;
    if (best === undefined || (statement.timestamp ?? '') >= (best.timestamp ?? '')) best = statement;
  }
  return best;
}

function sameId(id: string, ids: readonly string[]): boolean {
  return ids.some((one) => one.toUpperCase() === id.toUpperCase());
}

/**
 * Does a product of a statement stand for this package in this image?
 * - the product is the image: yes, when it is limited to no part of it, or to this package;
 * - the product is the package itself;
 * - the product is known by CPE alone (a distribution, in CSAF): its parts count when their version is stated.
 */
export function concerns(product: VexProduct, image: VexImage | undefined, subject: VexSubject): boolean {
  if (image && namesImage(product, image)) {
    if (product.version !== undefined && product.subcomponents.length === 0 && !names(product, image)) return false;
    return (
      product.subcomponents.length === 0 ||
      product.subcomponents.some((part) => isPackage(part, subject, product.version))
    );
  }
  if (isPackage(product, subject, product.version))
    return (
      product.subcomponents.length === 0 ||
      product.subcomponents.some((part) => isPackage(part, subject, product.version))
    );
  const onlyCpe = product.purls.length === 0 && product.digests.length === 0 && product.names.length === 0;
  return (
    onlyCpe &&
    product.subcomponents.some((part) => isPackage(part, subject, product.version) && statesVersion(part, product))
  );
}

/** A version beside an image is its tag or digest. */
function names(product: VexProduct, image: VexImage): boolean {
  const { version = '' } = product;
  return image.digests.includes(version) || image.tags.some((tag) => tag.endsWith(`:${version}`));
}

function isPackage(identity: VexIdentity, subject: VexSubject, version: string | undefined): boolean {
  const { purl } = subject;
  if (purl !== undefined && identity.purls.some((stated) => purlMatches(stated, purl, version))) return true;
  if (identity.purls.length > 0) return false;
  return identity.cpes.some((stated) => (subject.cpes ?? []).some((known) => cpeMatches(stated, known)));
}

function statesVersion(part: VexIdentity, product: VexProduct): boolean {
  return product.version !== undefined || part.purls.some((purl) => /@[^/?#]+/.test(purl));
}

/** Part, vendor, product and version of two CPE 2.3 names, any (`*`) on the side of the statement. */
function cpeMatches(stated: string, known: string): boolean {
  const [a, b] = [stated, known].map((text) =>
    text
      .toLowerCase()
      .split(/(?<!\\):/)
      .slice(2, 6),
  );
  if (!a || !b || a.length < 3 || a[2] === '*' || b.length < 4) return false;
  return a.every((field, index) => field === '*' || field === b[index]);
}
