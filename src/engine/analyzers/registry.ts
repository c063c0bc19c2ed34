import { alpmAnalyzer } from './alpm/index.ts';
import { apkAnalyzer } from './apk/index.ts';
import { binaryAnalyzer } from './binary/index.ts';
import { bitnamiAnalyzer } from './bitnami/index.ts';
import { conanAnalyzer } from './conan/index.ts';
import { condaAnalyzer } from './conda/index.ts';
import { contentSearchAnalyzer } from './content-search/index.ts';
import { distroAnalyzer } from './distro/index.ts';
import { dockerfileAnalyzer } from './dockerfile/index.ts';
import { dotnetAnalyzer } from './dotnet/index.ts';
import { dpkgAnalyzer } from './dpkg/index.ts';
import { elfNoteAnalyzer } from './elf-note/index.ts';
import { erlangOtpAnalyzer } from './erlang-otp/index.ts';
import { gemAnalyzer } from './gem/index.ts';
import { goBinaryAnalyzer } from './go-binary/index.ts';
import { graalvmAnalyzer } from './graalvm/index.ts';
import { hintsAnalyzer } from './hints/index.ts';
import { homebrewAnalyzer } from './homebrew/index.ts';
import { javaAnalyzer } from './java/index.ts';
import { jvmAnalyzer } from './jvm/index.ts';
import { linuxKernelAnalyzer } from './linux-kernel/index.ts';
import { luaRocksAnalyzer } from './lua-rocks/index.ts';
import { nixAnalyzer } from './nix/index.ts';
import { npmAnalyzer } from './npm/index.ts';
import { phpComposerAnalyzer } from './php-composer/index.ts';
import { phpPearAnalyzer } from './php-pear/index.ts';
import { portageAnalyzer } from './portage/index.ts';
import { pythonAnalyzer } from './python/index.ts';
import { rPackageAnalyzer } from './r-package/index.ts';
import { retrievedFilesAnalyzer } from './retrieved-files/index.ts';
import { rpmAnalyzer } from './rpm/index.ts';
import { rustBinaryAnalyzer } from './rust-binary/index.ts';
import { secretsAnalyzer } from './secrets/index.ts';
import { snapAnalyzer } from './snap/index.ts';
import type { Analyzer } from './types.ts';
import { wordpressAnalyzer } from './wordpress/index.ts';

/**
 * Every analyzer, sorted by name: one import and one line each. The contract test fails for a folder that is
 * missing here. The frame collects `distro` first, the rest in this order.
 */
export const analyzers: readonly Analyzer[] = [
  distroAnalyzer,
  alpmAnalyzer,
  apkAnalyzer,
  binaryAnalyzer,
  bitnamiAnalyzer,
  conanAnalyzer,
  condaAnalyzer,
  contentSearchAnalyzer,
  dockerfileAnalyzer,
  dotnetAnalyzer,
  dpkgAnalyzer,
  elfNoteAnalyzer,
  erlangOtpAnalyzer,
  gemAnalyzer,
  goBinaryAnalyzer,
  graalvmAnalyzer,
  hintsAnalyzer,
  homebrewAnalyzer,
  javaAnalyzer,
  jvmAnalyzer,
  linuxKernelAnalyzer,
  luaRocksAnalyzer,
  nixAnalyzer,
  npmAnalyzer,
  phpComposerAnalyzer,
  phpPearAnalyzer,
  portageAnalyzer,
  pythonAnalyzer,
  rPackageAnalyzer,
  retrievedFilesAnalyzer,
  rpmAnalyzer,
  rustBinaryAnalyzer,
  secretsAnalyzer,
  snapAnalyzer,
  wordpressAnalyzer,
];
