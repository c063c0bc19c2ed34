import { defineTrigger, type Trigger, type TriggerMatch } from '../../gate.ts';
import { packageTypeFilter } from '../../package-type-filter.ts';
import { defaulted, list, required } from '../../parameter.ts';
import { licenseNames } from './license-tokens.ts';

/** Makes a trigger that fires once per package and denied licence, compared by `denies`. */
export function deniedLicenses(
  name: string,
  description: string,
  denies: (license: string, listed: string) => boolean,
): Trigger {
  return defineTrigger({
    name,
    description,
    parameters: {
      licenses: required(list, {
        description: 'Licence names; SPDX identifiers where there are some.',
        example: 'AGPL-3.0-only,SSPL-1.0',
      }),
      package_type: defaulted(list, 'all', {
        description: 'Package types to look at: all, os, non-os, or types such as npm, python, java.',
        example: 'all',
      }),
    },
    *evaluate({ params, read }) {
      const isWanted = packageTypeFilter(params.package_type);
      const seen = new Set<string>();
      for (const pkg of read('packages') ?? []) {
        if (!isWanted(pkg)) continue;
        const names = [...new Set(pkg.licenses.flatMap(licenseNames))];
        for (const listed of params.licenses) {
          const found = names.find((license) => denies(license, listed));
          const id = `${listed}+${pkg.name}`;
          const distinct = `${id}@${pkg.version}`;
          if (found === undefined || seen.has(distinct)) continue;
          seen.add(distinct);
          const match: TriggerMatch = {
            message: `Package ${pkg.name} ${pkg.version} (${pkg.type}) has licence ${found}`,
            key: id,
            triggerId: id,
            evidence: { name: pkg.name, version: pkg.version, type: pkg.type, license: found },
          };
          yield match;
        }
      }
    },
  });
}
