import { defineTrigger } from '../../gate.ts';
import { packageTypeFilter } from '../../package-type-filter.ts';
import { list, optional } from '../../parameter.ts';
import { compareVersion } from '../packages/package-version.ts';

/** Fires once per package of a related source that only has older versions in the image. */
export const packageDowngraded = defineTrigger({
  name: 'package_downgraded',
  description: 'A package is older in the image than in a related source.',
  parameters: {
    package_types: optional(list, { description: 'Package types to look at; all when absent.', example: 'npm,python' }),
  },
  *evaluate({ params, read, versions }) {
    const sources = read('relatedSources');
    const packages = read('packages');
    if (!sources || !packages) return;
    const isWanted = packageTypeFilter(params.package_types);
    const installed = Map.groupBy(packages, (pkg) => `${pkg.type}/${pkg.name}`);
    for (const source of sources) {
      for (const wanted of source.packages.filter(isWanted)) {
        const key = `${wanted.type}/${wanted.name}`;
        const found = installed.get(key);
        if (!found?.every((pkg) => compareVersion(pkg, wanted.version, versions) < 0)) continue;
        const after = found.map((pkg) => pkg.version);
        yield {
          message: `Package ${wanted.name} ${after.join(', ')} (${wanted.type}) is older than ${wanted.version} of source ${source.sourceId}`,
          key: `${source.sourceId}#${key}`,
          triggerId: key,
          evidence: { name: wanted.name, type: wanted.type, before: wanted.version, after, source: source.sourceId },
        };
      }
    }
  },
});
