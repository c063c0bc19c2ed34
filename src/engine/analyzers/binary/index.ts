import { looksExecutable } from '../../formats/executable.ts';
import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Package } from '../../model/package.ts';
import { formatCpe } from '../cpe-name.ts';
import { fileName, locate } from '../location.ts';
import { formatPurl } from '../purl.ts';
import type { Analyzer, Evidence } from '../types.ts';
import type { Product } from './product.ts';
import { PRODUCTS, TEXT_PRODUCTS } from './products.ts';
import { type BinaryHit, scanBinary } from './scan.ts';

/** Fact of one file: the products that it is. */
export interface BinaryFact {
  hits: BinaryHit[];
}

const EXECUTABLE_LIMIT = 4 * 2 ** 30;
const TEXT_LIMIT = 64 << 10;

function candidates(name: string): { product: Product; nameVersion: string }[] {
  const out: { product: Product; nameVersion: string }[] = [];
  for (const product of PRODUCTS) {
    const match = product.file.exec(name);
    if (match !== null) out.push({ product, nameVersion: /^\d/.test(match[1] ?? '') ? (match[1] ?? '') : '' });
  }
  return out;
}

function select(file: FileHead): FileReader<BinaryFact> | undefined {
  const name = fileName(file.path);
  if (looksExecutable(file.head)) {
    const wanted = candidates(name);
    if (wanted.length === 0) return undefined;
    return {
      kind: 'whole',
      limit: EXECUTABLE_LIMIT,
      ignoresCode: true,
      read: (content) => {
        const hits = scanBinary(content, wanted);
        return hits.length === 0 ? undefined : { hits };
      },
    };
  }
  if (name !== 'VERSION' && name !== 'OTP_VERSION' && name !== 'version.php') return undefined;
  const product = TEXT_PRODUCTS.find(({ path }) => path.test(file.path));
  if (product === undefined) return undefined;
  return {
    kind: 'whole',
    limit: TEXT_LIMIT,
    read: (content) => {
      const version = product.pattern.exec(new TextDecoder().decode(content.bytes()))?.groups?.version;
      return version === undefined ? undefined : { hits: [{ product: product.name, version }] };
    },
  };
}

const CPES = new Map([...PRODUCTS, ...TEXT_PRODUCTS].map(({ name, cpes }) => [name, cpes]));

/** Version as the NVD writes it: `3.1.2p20` is version 3.1.2, update p20; `8.3.0RC1` likewise. */
function cpesOf(product: string, version: string): string[] {
  const [, release = version, update] =
    /^(\d+(?:\.\d+)*)[-.]?((?:p|rc|alpha|beta|a|b|preview)\.?\d*)$/i.exec(version) ?? [];
  return (CPES.get(product) ?? []).map(([vendor, name]) =>
    formatCpe({ vendor, product: name, version: release, ...(update === undefined ? {} : { update }) }),
  );
}

function collect(image: ImageView, facts: LocatedFact<BinaryFact>[]): Evidence {
  const packages = facts.flatMap((located) =>
    located.fact.hits.map(
      ({ product, version }): Omit<Package, 'id' | 'ownedBy'> => ({
        type: 'binary',
        name: product,
        version,
        purl: formatPurl({ type: 'generic', name: product, version }),
        cpes: cpesOf(product, version),
        licenses: [],
        locations: [locate(image, located)],
        upstreams: [],
        foundBy: 'binary',
        confidence: 'signature',
        metadataType: 'binary-signature',
        metadata: { matches: [{ classifier: `${product}-binary`, location: { path: located.path } }] },
      }),
    ),
  );
  return { packages };
}

/** Well-known programs and libraries that no package manager installed, by what their files say about themselves. */
export const binaryAnalyzer: Analyzer<BinaryFact> = { name: 'binary', version: 3, kind: 'packages', select, collect };
