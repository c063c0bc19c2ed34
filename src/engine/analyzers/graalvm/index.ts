import { isElf } from '../../formats/elf/index.ts';
import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { cpeCandidates } from '../cpe.ts';
import { licensesOf } from '../licenses.ts';
import { locate } from '../location.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { type CompiledLibrary, type NativeImage, readNativeImage } from './embedded-sbom.ts';

/** The runtime alone is larger than this. */
const SMALLEST = 1 << 20;
const PROGRAM: FileReader<NativeImage> = {
  kind: 'whole',
  limit: 4 * 2 ** 30,
  ignoresCode: true,
  read: readNativeImage,
};

function select(file: FileHead): FileReader<NativeImage> | undefined {
  return file.size >= SMALLEST && isElf(file.head) ? PROGRAM : undefined;
}

function draft(
  image: ImageView,
  located: LocatedFact<NativeImage>,
  { name, version, purl, groupId, licenses }: CompiledLibrary,
): Omit<Package, 'id' | 'ownedBy'> {
  const pkg: Omit<Package, 'id' | 'ownedBy'> = {
    type: 'graalvm-native-image',
    name,
    version,
    ...(purl ? { purl } : {}),
    cpes: [],
    licenses: licensesOf(licenses),
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'graalvm',
    confidence: 'metadata',
    metadata: groupId ? { groupId, artifactId: name } : {},
  };
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

function collect(image: ImageView, facts: LocatedFact<NativeImage>[]): Evidence {
  const problems = facts.flatMap(({ path, fact }): Problem[] =>
    fact.error === undefined
      ? []
      : [
          {
            code: 'embedded-sbom-unreadable',
            message: `the SBOM inside ${path} cannot be read (${fact.error}); the Java libraries of the program are missing`,
            severity: 'partial',
            path,
            source: 'graalvm',
          },
        ],
  );
  return {
    packages: facts.flatMap((located) => located.fact.libraries.map((one) => draft(image, located, one))),
    problems,
  };
}

/** Java libraries in programs that GraalVM compiled ahead of time. */
export const graalvmAnalyzer: Analyzer<NativeImage> = {
  name: 'graalvm',
  version: 1,
  kind: 'packages',
  select,
  collect,
};
