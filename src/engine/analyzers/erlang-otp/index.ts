import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Package } from '../../model/package.ts';
import { cpeCandidates } from '../cpe.ts';
import { locate } from '../location.ts';
import { formatPurl } from '../purl.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { type ErlangApplication, readApplication } from './application.ts';

const RESOURCE: FileReader<ErlangApplication> = {
  kind: 'whole',
  limit: 4 << 20,
  read: (content) => readApplication(new TextDecoder().decode(content.bytes())),
};

function select(file: FileHead): FileReader<ErlangApplication> | undefined {
  // Source trees keep theirs in `src` with a placeholder as version; what is installed lies beside the compiled code.
  return file.path.endsWith('.app') && file.path.includes('/ebin/') ? RESOURCE : undefined;
}

function draft(image: ImageView, located: LocatedFact<ErlangApplication>): Omit<Package, 'id' | 'ownedBy'> {
  const { name, version, description, applications } = located.fact;
  const pkg: Omit<Package, 'id' | 'ownedBy'> = {
    type: 'erlang-otp',
    name,
    version,
    purl: formatPurl({ type: 'otp', name, version }),
    cpes: [],
    licenses: [],
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'erlang-otp',
    confidence: 'declared',
    metadata: description ? { description } : {},
  };
  if (applications.length > 0) pkg.dependencies = applications;
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

function collect(image: ImageView, facts: LocatedFact<ErlangApplication>[]): Evidence {
  return { packages: facts.map((located) => draft(image, located)) };
}

/** Applications of Erlang/OTP, Elixir's among them. */
export const erlangOtpAnalyzer: Analyzer<ErlangApplication> = {
  name: 'erlang-otp',
  version: 1,
  kind: 'packages',
  select,
  collect,
};
