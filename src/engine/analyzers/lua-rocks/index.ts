import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Package } from '../../model/package.ts';
import { cpeCandidates } from '../cpe.ts';
import { licensesOf } from '../licenses.ts';
import { fileName, locate } from '../location.ts';
import { formatPurl } from '../purl.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { type Rockspec, readRockspec } from './rockspec.ts';

const ROCKSPEC: FileReader<Rockspec> = {
  kind: 'whole',
  limit: 4 << 20,
  read: (content, file) => readRockspec(new TextDecoder().decode(content.bytes()), fileName(file.path)),
};

function select(file: FileHead): FileReader<Rockspec> | undefined {
  return file.path.endsWith('.rockspec') ? ROCKSPEC : undefined;
}

function draft(image: ImageView, located: LocatedFact<Rockspec>): Omit<Package, 'id' | 'ownedBy'> {
  const { name, version, license, homepage, url, dependencies } = located.fact;
  const pkg: Omit<Package, 'id' | 'ownedBy'> = {
    type: 'lua-rocks',
    name,
    version,
    purl: formatPurl({ type: 'luarocks', name, version }),
    cpes: [],
    licenses: licensesOf(license ? [license] : []),
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'lua-rocks',
    confidence: 'declared',
    metadataType: 'luarocks-package',
    metadata: { name, version, ...(homepage ? { homepage } : {}), ...(url ? { url } : {}) },
  };
  if (dependencies.length > 0) pkg.dependencies = dependencies;
  // Vulnerability data know the version of the software, not the revision of its rockspec.
  pkg.cpes = cpeCandidates({ ...pkg, version: version.replace(/-\d+$/, '') });
  return pkg;
}

function collect(image: ImageView, facts: LocatedFact<Rockspec>[]): Evidence {
  return { packages: facts.map((located) => draft(image, located)) };
}

/** Packages of LuaRocks. */
export const luaRocksAnalyzer: Analyzer<Rockspec> = {
  name: 'lua-rocks',
  version: 1,
  kind: 'packages',
  select,
  collect,
};
