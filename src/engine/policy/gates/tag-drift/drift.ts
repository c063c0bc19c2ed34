import { defineTrigger, type Trigger, type TriggerMatch } from '../../gate.ts';
import { type PackageDifference, packageDrift } from '../../package-drift.ts';
import { packageTypeFilter } from '../../package-type-filter.ts';
import { list, optional } from '../../parameter.ts';

/**
 * Makes a trigger that fires once per package whose difference to the image that the tag named before is selected.
 * A tag without an earlier image differs in nothing.
 */
export function driftTrigger(
  name: string,
  description: string,
  selects: (difference: PackageDifference) => boolean,
  verb: string,
): Trigger {
  return defineTrigger({
    name,
    description,
    parameters: {
      package_type: optional(list, { description: 'Package types to look at; all when absent.', example: 'deb' }),
    },
    *evaluate({ params, read }): Generator<TriggerMatch> {
      const previous = read('previousPackages');
      const packages = read('packages');
      if (!previous || !packages) return;
      const isWanted = packageTypeFilter(params.package_type);
      for (const difference of packageDrift(previous.filter(isWanted), packages.filter(isWanted))) {
        if (!selects(difference)) continue;
        const { type, before, after } = difference;
        const versions = [before.join(', '), after.join(', ')].filter((text) => text !== '').join(' to ');
        yield {
          message: `Package ${difference.name} ${versions} (${type}) was ${verb} since the previous image of the tag`,
          key: `${type}/${difference.name}`,
          triggerId: `${type}/${difference.name}`,
          evidence: { name: difference.name, type, before, after },
        };
      }
    },
  });
}
