import { readFileSync } from 'node:fs';
import type { PackageType } from '#engine/model/package.ts';
import { readExclusions } from '#engine/vulnerabilities/index.ts';
import type { MatchExclusion, MatchSettings } from '#engine/vulnerabilities/types.ts';
import type { Config } from '#platform/config/index.ts';

/** Package types of the kinds that the search by CPE is switched for. */
const ECOSYSTEMS: Readonly<Record<Config['matching']['by_cpe'][number], readonly PackageType[]>> = {
  apk: ['apk'],
  dotnet: ['dotnet'],
  dpkg: ['deb'],
  golang: ['go-module'],
  hex: ['hex', 'erlang-otp'],
  java: ['java-archive', 'jenkins-plugin'],
  javascript: ['npm'],
  jvm: ['binary', 'graalvm-native-image'],
  python: ['python'],
  rpm: ['rpm'],
  ruby: ['gem'],
  rust: ['rust-crate'],
  stock: [
    'UnknownPackage',
    'conan',
    'R-package',
    'lua-rocks',
    'hackage',
    'pod',
    'wordpress-plugin',
    'php-pear',
    'php-composer',
    'conda',
    'homebrew',
    'linux-kernel',
    'linux-kernel-module',
    'nix',
    'dart-pub',
    'swift',
    'github-action',
  ],
};

/** What `feeds.search_by_cpe` adds: packages of languages. */
const LANGUAGES = ['javascript', 'python', 'ruby', 'rust', 'dotnet', 'hex', 'java', 'golang'] as const;

/** Settings of the matcher as they are whenever they are read: most may be changed while the program runs. */
export function matchSettings(
  { feeds, matching }: Pick<Config, 'feeds' | 'matching'>,
  log: { warn: (details: object, text: string) => void },
): MatchSettings {
  const exclusions = exclusionsOf(matching.exclusions_file, log);
  let known: { from: unknown[]; cpe: MatchSettings['cpe'] } | undefined;
  return {
    get cpe() {
      const from = [feeds.search_by_cpe, matching.by_cpe, matching.not_by_cpe];
      if (!known || known.from.some((value, at) => value !== from[at])) {
        const on = [...(feeds.search_by_cpe ? LANGUAGES : []), ...matching.by_cpe];
        known = { from, cpe: { ...switched(on, true), ...switched(matching.not_by_cpe, false) } };
      }
      return known.cpe;
    },
    get cpeForEndOfLife() {
      return matching.by_cpe_at_end_of_life;
    },
    get excludeProviders() {
      return feeds.exclude_providers;
    },
    get excludePackageTypes() {
      return matching.exclude_package_types as PackageType[];
    },
    get goMainModulePseudoVersions() {
      return matching.go_main_modules;
    },
    get rhelExtendedUpdates() {
      return matching.rhel_extended_updates;
    },
    get ubuntuPro() {
      return matching.ubuntu_pro;
    },
    get kernelHeaders() {
      return matching.kernel_headers;
    },
    get kernelPackages() {
      return matching.kernel_packages;
    },
    get duplicates() {
      return matching.duplicates;
    },
    get builtInExclusions() {
      return matching.built_in_exclusions;
    },
    exclusions,
  };
}

function switched(kinds: readonly (keyof typeof ECOSYSTEMS)[], on: boolean): MatchSettings['cpe'] {
  return Object.fromEntries(kinds.flatMap((kind) => ECOSYSTEMS[kind].map((type) => [type, on])));
}

/** Reads the file of exclusions. Throws when there is none at the given place; unusable records are logged. */
function exclusionsOf(
  file: string | undefined,
  log: { warn: (details: object, text: string) => void },
): readonly MatchExclusion[] {
  if (file === undefined) return [];
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`the file of exclusions ${file} (matching.exclusions_file) cannot be read`, { cause });
  }
  const { exclusions, problems } = readExclusions(content);
  if (problems.length > 0) log.warn({ file, problems: problems.slice(0, 20) }, 'exclusions that cannot be used');
  return exclusions;
}
