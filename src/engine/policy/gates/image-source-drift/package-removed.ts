import { defineTrigger } from '../../gate.ts';
import { packageDrift } from '../../package-drift.ts';
import { packageTypeFilter } from '../../package-type-filter.ts';
import { list, optional } from '../../parameter.ts';

/** Fires once per package of a related source that the image lacks. */
export const packageRemoved = defineTrigger({
  name: 'package_removed',
  description: 'A package of a related source is missing from the image.',
  parameters: {
    package_types: optional(list, { description: 'Package types to look at; all when absent.', example: 'npm,python' }),
  },
  *evaluate({ params, read }) {
    const sources = read('relatedSources');
    const packages = read('packages');
    if (!sources || !packages) return;
    const isWanted = packageTypeFilter(params.package_types);
    for (const source of sources) {
      for (const { type, name, before, after } of packageDrift(source.packages.filter(isWanted), packages)) {
        if (before.length === 0 || after.length > 0) continue;
        yield {
          message: `Package ${name} ${before.join(', ')} (${type}) of source ${source.sourceId} is missing from the image`,
          key: `${source.sourceId}#${type}/${name}`,
          triggerId: `${type}/${name}`,
          evidence: { name, type, before, source: source.sourceId },
        };
      }
    }
  },
});
