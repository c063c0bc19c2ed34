import { z } from 'zod';
import { flag, text, words } from '../fields.ts';
import { setting } from '../setting.ts';

/** Kinds of packages whose search by CPE can be switched. */
export const CPE_ECOSYSTEMS = [
  'apk',
  'dotnet',
  'dpkg',
  'golang',
  'hex',
  'java',
  'javascript',
  'jvm',
  'python',
  'rpm',
  'ruby',
  'rust',
  'stock',
] as const;

/** A schema of its own for each setting: what describes a setting hangs on its schema. */
const ecosystems = () =>
  words()
    .pipe(z.array(z.enum(CPE_ECOSYSTEMS)))
    .default([]);

export const matchingArea = {
  title: 'Matching',
  schema: z.strictObject({
    by_cpe: setting(
      {
        env: 'WINDLASS_MATCHING_BY_CPE',
        doc: `Kinds of packages that are looked up by CPE as well, beside those that always are: ${CPE_ECOSYSTEMS.join(', ')}.`,
      },
      ecosystems(),
    ),
    not_by_cpe: setting(
      {
        env: 'WINDLASS_MATCHING_NOT_BY_CPE',
        doc: 'Kinds of packages that are not looked up by CPE; stands above all else. `stock` are those without a matcher of their own.',
      },
      ecosystems(),
    ),
    by_cpe_at_end_of_life: setting(
      {
        env: 'WINDLASS_MATCHING_BY_CPE_AT_END_OF_LIFE',
        doc: 'Look up deb and rpm packages by CPE once their distribution gets no advisories any more.',
      },
      flag(false),
    ),
    exclude_package_types: setting(
      {
        env: 'WINDLASS_MATCHING_EXCLUDE_PACKAGE_TYPES',
        doc: 'Package types (`deb`, `npm`, `java-archive` …) that are not matched at all.',
      },
      words().default([]),
    ),
    rhel_extended_updates: setting(
      {
        env: 'WINDLASS_MATCHING_RHEL_EXTENDED_UPDATES',
        doc: 'Judge RHEL 8 and later by extended update support: as the image tells (`auto`), `always` or `never`.',
      },
      z.enum(['auto', 'always', 'never']).default('auto'),
    ),
    ubuntu_pro: setting(
      {
        env: 'WINDLASS_MATCHING_UBUNTU_PRO',
        doc: 'Judge Ubuntu by expanded security maintenance: as the image tells (`auto`), `always` or `never`.',
      },
      z.enum(['auto', 'always', 'never']).default('auto'),
    ),
    kernel_headers: setting(
      {
        env: 'WINDLASS_MATCHING_KERNEL_HEADERS',
        doc: 'Kernel flaws of packages that only hold the headers of the kernel: `suppress` or `report`.',
      },
      z.enum(['suppress', 'report']).default('suppress'),
    ),
    kernel_packages: setting(
      {
        env: 'WINDLASS_MATCHING_KERNEL_PACKAGES',
        doc: 'Flaws of kernel packages, which a container never boots: `report` or `suppress`.',
      },
      z.enum(['report', 'suppress']).default('report'),
    ),
    duplicates: setting(
      {
        env: 'WINDLASS_MATCHING_DUPLICATES',
        doc: 'One flaw of a package that several sources report: `keep` all, or `prefer-vendor`, the source nearest to the package.',
      },
      z.enum(['keep', 'prefer-vendor']).default('keep'),
    ),
    go_main_modules: setting(
      {
        env: 'WINDLASS_MATCHING_GO_MAIN_MODULES',
        doc: 'Match the main module of a Go program even when its version is made from a commit.',
      },
      flag(false),
    ),
    built_in_exclusions: setting(
      {
        env: 'WINDLASS_MATCHING_BUILT_IN_EXCLUSIONS',
        doc: 'Leave out the few matches that are known to be wrong everywhere: other products of the same name.',
      },
      flag(true),
    ),
    exclusions_file: setting(
      {
        env: 'WINDLASS_MATCHING_EXCLUSIONS_FILE',
        doc: 'File of further matches to leave out (vunnel match exclusion schema, one record or a list, JSON or JSON lines). Read at the start; those with locations are not applied.',
      },
      text(),
    ),
  }),
};
