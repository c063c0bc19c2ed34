import { systemName } from '../sources/system-names.ts';
import type { SystemName } from '../sources/types.ts';

/** Where the index keeps records of an OSV ecosystem, and how their versions are compared. */
export interface OsvEcosystem {
  ecosystem: string;
  rangeType: string;
  system?: SystemName;
}

/** Ecosystems of languages: `[ecosystem of the index, range type]`. */
const LANGUAGES: Readonly<Record<string, [string, string]>> = {
  pypi: ['python', 'python'],
  npm: ['npm', 'npm'],
  maven: ['java-archive', 'maven'],
  go: ['go-module', 'go'],
  'crates.io': ['rust-crate', 'rust'],
  rubygems: ['gem', 'gem'],
  nuget: ['dotnet', 'nuget'],
  packagist: ['php-composer', 'composer'],
  hex: ['hex', 'hex'],
  pub: ['dart-pub', 'pub'],
  swifturl: ['swift', 'swift'],
  'github actions': ['github-action', 'github-action'],
  conancenter: ['conan', 'conan'],
  cran: ['r-package', 'generic'],
  bioconductor: ['r-package', 'generic'],
  hackage: ['hackage', 'generic'],
  bitnami: ['bitnami', 'bitnami'],
  luarocks: ['lua-rocks', 'generic'],
};

/**
 * Ecosystems of distributions: `<name>:<release>`. Rocky Linux is left out on purpose: its packages are judged by the
 * records of RHEL, from which it is built.
 */
const DISTRIBUTIONS: readonly [RegExp, (release: string[]) => [string, string, SystemName] | undefined][] = [
  [/^debian:(\w+)$/i, ([, release = '']) => ['deb', 'dpkg', systemName('debian', release)]],
  [
    /^ubuntu:(pro:)?(?:fips[\w-]*:)?([0-9]+\.[0-9]+)(?::lts)?$/i,
    ([text = '', pro, release = '']) =>
      /fips|realtime/i.test(text) ? undefined : ['deb', 'dpkg', systemName('ubuntu', release, pro ? 'esm' : '')],
  ],
  [/^alpine:(v?[0-9.]+|edge)$/i, ([, release = '']) => ['apk', 'apk', systemName('alpine', release)]],
  [/^almalinux:([0-9]+)$/i, ([, release = '']) => ['rpm', 'rpm', systemName('almalinux', release)]],
  [
    /^red hat:(?:rhel_)?(?:enterprise_linux|eus|aus|e4s|tus)?:?([0-9]+)(?:\.([0-9]+))?(?:::.*)?$/i,
    ([text = '', major = '', minor]) =>
      /enterprise_linux/i.test(text) && minor === undefined ? ['rpm', 'rpm', systemName('rhel', major)] : undefined,
  ],
  [
    /^suse:(?:linux enterprise server(?: for sap applications)?|linux enterprise module for basesystem) ([0-9]+)(?:[ -]sp([0-9]+))?$/i,
    ([, major = '', pack]) => ['rpm', 'rpm', systemName('sles', pack === undefined ? major : `${major}.${pack}`)],
  ],
  [/^opensuse:leap ([0-9.]+)$/i, ([, release = '']) => ['rpm', 'rpm', systemName('opensuse-leap', release)]],
  [/^opensuse:tumbleweed$/i, () => ['rpm', 'rpm', systemName('opensuse-tumbleweed', '')]],
  [/^mageia:([0-9]+)$/i, ([, release = '']) => ['rpm', 'rpm', systemName('mageia', release)]],
  [/^openeuler:([0-9.]+)/i, ([, release = '']) => ['rpm', 'rpm', systemName('openeuler', release)]],
  [/^photon os:([0-9.]+)$/i, ([, release = '']) => ['rpm', 'rpm', systemName('photon', release)]],
  [
    /^azure linux:([0-9]+)(?:\.[0-9]+)?$/i,
    ([, major = '']) => ['rpm', 'rpm', systemName(Number(major) < 3 ? 'mariner' : 'azurelinux', `${major}.0`)],
  ],
  [/^(wolfi|chainguard|minimos)(?::.*)?$/i, ([, name = '']) => ['apk', 'apk', systemName(name, '')]],
  [/^echo(?::.*)?$/i, () => ['deb', 'dpkg', systemName('echo', '')]],
];

/** Where records of an ecosystem as OSV writes it belong; undefined for one without packages that images have. */
export function osvEcosystem(text: string): OsvEcosystem | undefined {
  const language = LANGUAGES[text.toLowerCase()] ?? LANGUAGES[(text.split(':')[0] ?? '').toLowerCase()];
  if (language) return { ecosystem: language[0], rangeType: language[1] };
  for (const [pattern, place] of DISTRIBUTIONS) {
    const match = pattern.exec(text);
    const found = match && place([...match]);
    if (found) return { ecosystem: found[0], rangeType: found[1], system: found[2] };
  }
  return undefined;
}

/** A package's name as the index keys it: Python names are normalised by PEP 503, others stay. */
export function osvPackageName(ecosystem: string, name: string): string {
  return ecosystem === 'python' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name;
}
