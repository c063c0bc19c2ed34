import type { PackageType } from '#engine/model/package.ts';

/** Package types that are searched by CPE unless the settings say otherwise: those without good records of their own. */
export const CPE_BY_DEFAULT: ReadonlySet<PackageType> = new Set<PackageType>([
  'apk',
  'binary',
  'UnknownPackage',
  'conan',
  'R-package',
  'lua-rocks',
  'hackage',
  'pod',
  'wordpress-plugin',
  'php-pear',
  'conda',
  'homebrew',
  'linux-kernel',
  'linux-kernel-module',
  'graalvm-native-image',
  'nix',
  'dart-pub',
  'swift',
  'github-action',
  'php-composer',
  'erlang-otp',
]);
