import type { OperatingSystemRow } from './index/format.ts';

const LANGUAGES: Readonly<Record<string, string>> = {
  golang: 'go',
  'go-module': 'go',
  composer: 'php',
  'php-composer': 'php',
  cargo: 'rust',
  'rust-crate': 'rust',
  pub: 'dart',
  'dart-pub': 'dart',
  nuget: 'dotnet',
  dotnet: 'dotnet',
  maven: 'java',
  'java-archive': 'java',
  'jenkins-plugin': 'java',
  swifturl: 'swift',
  swift: 'swift',
  swiplpack: 'swift',
  node: 'javascript',
  npm: 'javascript',
  pypi: 'python',
  pip: 'python',
  python: 'python',
  rubygems: 'ruby',
  gem: 'ruby',
};

/** Namespace of the records of a provider, in one place. */
export type NamespaceOf = (provider: string) => string;

/** Remembers the answers by provider. */
export function namespaceOf(make: (provider: string) => string): NamespaceOf {
  const known = new Map<string, string>();
  let last = '';
  let lastNamespace = '';
  return (provider) => {
    // The records of one system nearly all come from one provider.
    if (provider === last && last !== '') return lastNamespace;
    let namespace = known.get(provider);
    if (namespace === undefined) {
      namespace = make(provider);
      known.set(provider, namespace);
    }
    last = provider;
    lastNamespace = namespace;
    return namespace;
  };
}

/** `nvd:cpe` and the like: records found by CPE. */
export function cpeNamespace(provider: string): string {
  return `${provider}:cpe`;
}

/**
 * Namespace of a package record, as clients know it: `debian:distro:debian:12`, `redhat:distro:redhat:9`,
 * `github:language:python`, `bitnami`, `msrc:distro:windows:<product>`.
 */
export function recordNamespace(
  provider: string,
  ecosystem: string,
  packageName: string,
  system: OperatingSystemRow | undefined,
): string {
  if (system) return distroNamespace(provider, system);
  const lower = ecosystem.toLowerCase();
  if (lower === 'msrc' || lower === 'msrc-kb') return `${provider}:distro:windows:${packageName}`;
  if (lower === 'bitnami') return 'bitnami';
  if (lower === '') return cpeNamespace(provider);
  return `${provider}:language:${LANGUAGES[lower] ?? ecosystem}`;
}

function distroNamespace(provider: string, system: OperatingSystemRow): string {
  const prefix = provider === 'rhel' ? 'redhat' : provider;
  return `${prefix}:distro:${family(system)}:${releaseText(provider, system)}`;
}

function family(system: OperatingSystemRow): string {
  const name = system.name.toLowerCase();
  if (name === 'amazon') return 'amazonlinux';
  if (name === 'oracle') return 'oraclelinux';
  if (name === 'mariner' || name === 'azurelinux')
    return system.major === '1' || system.major === '2' ? 'mariner' : 'azurelinux';
  return system.name;
}

function releaseText(provider: string, system: OperatingSystemRow): string {
  if (system.major === '') return system.label === '' ? system.codename : system.label;
  // These advisories hold for a major release; its minors are only stored apart.
  if (provider === 'rhel' || provider === 'oracle') return system.major;
  const name = system.name.toLowerCase();
  if (name === 'mariner' || name === 'azurelinux') return `${system.major}.${system.minor === '' ? '0' : system.minor}`;
  if (system.minor === '') return system.major;
  return `${system.major}.${name === 'ubuntu' ? system.minor.padStart(2, '0') : system.minor}`;
}

/** Provider of a namespace: the part before the first colon, `redhat` being `rhel`. */
export function namespaceProvider(namespace: string): string {
  const provider = namespace.split(':', 1)[0] ?? '';
  return provider === 'redhat' ? 'rhel' : provider;
}
