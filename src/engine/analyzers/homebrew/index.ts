import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Package } from '../../model/package.ts';
import { cpeCandidates } from '../cpe.ts';
import { licensesOf } from '../licenses.ts';
import { locate } from '../location.ts';
import { formatPurl } from '../purl.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { type Formula, type Receipt, readFormula, readReceipt } from './formula.ts';

type HomebrewFact = Formula | Receipt;

const FORMULA: FileReader<HomebrewFact> = {
  kind: 'whole',
  limit: 16 << 20,
  read: (content) => readFormula(new TextDecoder().decode(content.read(0, 1 << 20))),
};
const RECEIPT: FileReader<HomebrewFact> = {
  kind: 'whole',
  limit: 16 << 20,
  // A damaged receipt still shows that something is installed here.
  read: (content) => readReceipt(new TextDecoder().decode(content.bytes())) ?? { kind: 'receipt', dependencies: [] },
};
const KEG = /^(?<keg>.*\/Cellar\/(?<name>[^/]+)\/(?<version>[^/]+))\/(?:\.brew\/[^/]+\.rb|INSTALL_RECEIPT\.json)$/;

function select(file: FileHead): FileReader<HomebrewFact> | undefined {
  if (!file.path.includes('/Cellar/') || !KEG.test(file.path)) return undefined;
  return file.path.endsWith('.rb') ? FORMULA : RECEIPT;
}

/** One installed version of a formula: name and version are those of its directories. */
function draft(
  image: ImageView,
  facts: readonly LocatedFact<HomebrewFact>[],
): Omit<Package, 'id' | 'ownedBy'> | undefined {
  const find = <K extends HomebrewFact['kind']>(kind: K) =>
    facts.find(({ fact }) => fact.kind === kind) as LocatedFact<Extract<HomebrewFact, { kind: K }>> | undefined;
  const [formula, receipt] = [find('formula'), find('receipt')];
  const [primary, supporting] = formula ? [formula, receipt] : [receipt, undefined];
  const { name = '', version = '' } = KEG.exec(primary?.path ?? '')?.groups ?? {};
  if (!primary || !/\d|^HEAD/.test(version)) return undefined;
  const { tap, arch, dependencies = [] } = receipt?.fact ?? {};
  const { description, homepage, license } = formula?.fact ?? {};
  const pkg: Omit<Package, 'id' | 'ownedBy'> = {
    type: 'homebrew',
    name,
    version,
    ...(arch ? { arch } : {}),
    purl: formatPurl({ type: 'brew', name, version }),
    cpes: [],
    licenses: licensesOf(license ? [license] : []),
    locations: [locate(image, primary), ...(supporting ? [locate(image, supporting, 'supporting')] : [])],
    upstreams: [],
    ...(dependencies.length > 0 ? { dependencies: [...dependencies] } : {}),
    foundBy: 'homebrew',
    confidence: 'declared',
    metadataType: 'homebrew-formula',
    metadata: { ...(tap ? { tap } : {}), ...(homepage ? { homepage } : {}), ...(description ? { description } : {}) },
  };
  // `openssl@3` is a line of openssl, `_1` a revision of the formula: vulnerability data know neither.
  pkg.cpes = cpeCandidates({ ...pkg, name: name.replace(/@[\d.]+$/, ''), version: version.replace(/_\d+$/, '') });
  return pkg;
}

function collect(image: ImageView, facts: LocatedFact<HomebrewFact>[]): Evidence {
  const kegs = Map.groupBy(facts, ({ path }) => KEG.exec(path)?.groups?.keg ?? '');
  return { packages: [...kegs.values()].flatMap((found) => draft(image, found) ?? []) };
}

/** Software that Homebrew installed. */
export const homebrewAnalyzer: Analyzer<HomebrewFact> = {
  name: 'homebrew',
  version: 1,
  kind: 'packages',
  select,
  collect,
};
