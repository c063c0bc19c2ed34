import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Package } from '../../model/package.ts';
import { formatCpe } from '../cpe-name.ts';
import { directoryOf, locate } from '../location.ts';
import { formatPurl } from '../purl.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { identifyRuntime, type ReleaseFields, readRelease } from './release.ts';

/** Fact: the fields of one `release` file. */
export interface JvmFact {
  fields: ReleaseFields;
}

const RELEASE: FileReader<JvmFact> = {
  kind: 'whole',
  limit: 64 << 10,
  read: (content) => {
    const fields = readRelease(content.bytes());
    return fields === undefined ? undefined : { fields };
  },
};

function select(file: FileHead): FileReader<JvmFact> | undefined {
  return file.path.endsWith('/release') && file.size <= 64 << 10 ? RELEASE : undefined;
}

function collect(image: ImageView, facts: LocatedFact<JvmFact>[]): Evidence {
  const packages: Omit<Package, 'id' | 'ownedBy'>[] = [];
  for (const located of facts) {
    const home = directoryOf(located.path);
    const isDevelopmentKit =
      image.tree.resolve(`${home}/bin/javac`) !== undefined || located.fact.fields.IMAGE_TYPE === 'JDK';
    const runtime = identifyRuntime(located.fact.fields, isDevelopmentKit);
    if (runtime === undefined) continue;
    const pkg: Omit<Package, 'id' | 'ownedBy'> = {
      type: 'binary',
      name: runtime.name,
      version: runtime.version,
      purl: formatPurl({ type: 'generic', namespace: runtime.vendor, name: runtime.name, version: runtime.version }),
      cpes: runtime.cpes.map(([vendor, product]) =>
        formatCpe({
          vendor,
          product,
          version: runtime.cpeVersion,
          ...(runtime.cpeUpdate === undefined ? {} : { update: runtime.cpeUpdate }),
        }),
      ),
      licenses: [],
      locations: [locate(image, located)],
      upstreams: [],
      foundBy: 'jvm',
      confidence: 'declared',
      metadataType: 'java-jvm-installation',
      metadata: { release: located.fact.fields, home, isDevelopmentKit },
    };
    const implementor = located.fact.fields.IMPLEMENTOR;
    if (implementor !== undefined) pkg.origin = implementor;
    packages.push(pkg);
  }
  return { packages };
}

/** Java runtimes and development kits, by the `release` file in their home directory. */
export const jvmAnalyzer: Analyzer<JvmFact> = { name: 'jvm', version: 2, kind: 'packages', select, collect };
