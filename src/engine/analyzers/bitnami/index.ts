import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Package } from '../../model/package.ts';
import { licensesOf } from '../licenses.ts';
import { directoryOf, fileName, locate } from '../location.ts';
import { formatPurl } from '../purl.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { type BitnamiComponent, type ListedComponent, readComponentList, readSpdxComponents } from './components.ts';

type Fact =
  | { kind: 'document'; components: BitnamiComponent[] }
  | { kind: 'list'; components: ListedComponent[] }
  | { kind: 'damaged' };

const reader = (read: (json: string) => Fact | undefined): FileReader<Fact> => ({
  kind: 'whole',
  limit: 32 << 20,
  read: (content) => read(new TextDecoder().decode(content.bytes())) ?? { kind: 'damaged' },
});
const DOCUMENT = reader((json) => {
  const components = readSpdxComponents(json);
  return components && { kind: 'document', components };
});
const LIST = reader((json) => {
  const components = readComponentList(json);
  return components && { kind: 'list', components };
});

function select(file: FileHead): FileReader<Fact> | undefined {
  if (!file.path.startsWith('/opt/bitnami/')) return undefined;
  const name = fileName(file.path);
  if (name === '.bitnami_components.json') return LIST;
  return name.startsWith('.spdx-') && name.endsWith('.spdx') ? DOCUMENT : undefined;
}

function draft(
  image: ImageView,
  located: LocatedFact<Fact>,
  component: BitnamiComponent,
): Omit<Package, 'id' | 'ownedBy'> {
  const dash = component.version.lastIndexOf('-');
  return {
    type: 'bitnami',
    name: component.name,
    version: component.version,
    ...(component.arch ? { arch: component.arch } : {}),
    purl: component.purl,
    cpes: component.cpes,
    licenses: licensesOf(component.licenses),
    locations: [locate(image, located)],
    upstreams: [],
    origin: 'Bitnami',
    foundBy: 'bitnami',
    confidence: 'declared',
    metadataType: 'bitnami-sbom-entry',
    metadata: {
      name: component.name,
      version: dash > 0 ? component.version.slice(0, dash) : component.version,
      revision: dash > 0 ? component.version.slice(dash + 1) : '',
      arch: component.arch ?? '',
      distro: component.distro ?? '',
      path: directoryOf(located.path),
    },
  };
}

function collect(image: ImageView, facts: LocatedFact<Fact>[]): Evidence {
  const packages: Omit<Package, 'id' | 'ownedBy'>[] = [];
  const problems: NonNullable<Evidence['problems']> = [];
  const documented = new Set<string>();
  for (const located of facts) {
    const { fact, path } = located;
    if (fact.kind === 'damaged')
      problems.push({
        code: 'component-list-unreadable',
        message: `${path} does not list components in a form that is known`,
        severity: 'partial',
        path,
        source: 'bitnami',
      });
    if (fact.kind !== 'document') continue;
    for (const component of fact.components) {
      documented.add(component.name);
      packages.push(draft(image, located, component));
    }
  }
  for (const located of facts) {
    if (located.fact.kind !== 'list') continue;
    for (const component of located.fact.components) {
      if (documented.has(component.name)) continue;
      const { name, version, arch, distro } = component;
      const purl = formatPurl({ type: 'bitnami', name, version, qualifiers: { arch, distro } });
      packages.push(draft(image, located, { ...component, purl, cpes: [], licenses: [] }));
    }
  }
  return { packages, problems };
}

/** Components of images by Bitnami, as the documents beside them say. */
export const bitnamiAnalyzer: Analyzer<Fact> = { name: 'bitnami', version: 1, kind: 'packages', select, collect };
