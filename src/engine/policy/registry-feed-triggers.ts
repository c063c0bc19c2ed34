import type { PackageType } from '../model/package.ts';
import {
  defineTrigger,
  type FactGroup,
  formerName,
  type Trigger,
  type TriggerContext,
  type TriggerMatch,
} from './gate.ts';
import { optional, required, text } from './parameter.ts';
import type { RegistryPackage } from './types.ts';

/** Names by which two ecosystems call the same five triggers. */
export interface RegistryFeedNames {
  packageType: PackageType;
  group: Extract<FactGroup, 'npmFeed' | 'gemFeed'>;
  newer: string;
  unknownName: string;
  unknownVersion: string;
  denied: string;
  deniedFormer: string;
}

/**
 * Triggers that compare installed packages with what their public registry knows. Registry data are not shipped:
 * without them the triggers say so, and only the denylist judges.
 */
export function registryFeedTriggers(names: RegistryFeedNames): Trigger[] {
  const { packageType, group } = names;
  function compared(
    name: string,
    description: string,
    judge: (installed: Installed, known: RegistryPackage | undefined) => string | undefined,
  ): Trigger {
    return defineTrigger({
      name,
      description,
      parameters: {},
      *evaluate(context): Generator<TriggerMatch> {
        const feed = context.read(group);
        if (!feed) return;
        for (const installed of installedPackages(context, packageType)) {
          const message = judge(installed, feed.get(installed.name));
          if (message !== undefined)
            yield { message, key: `${installed.name}@${installed.version}`, evidence: { ...installed } };
        }
      },
    });
  }
  const denylist = defineTrigger({
    name: names.denied,
    description: 'A denied package, or a denied version of it, is installed.',
    parameters: {
      name: required(text, { description: 'Package name.', example: 'left-pad' }),
      version: optional(text, { description: 'Version; any when absent.', example: '1.0.0' }),
    },
    *evaluate(context) {
      const { name, version } = context.params;
      for (const installed of installedPackages(context, packageType)) {
        if (installed.name !== name || (version !== undefined && installed.version !== version.trim())) continue;
        yield {
          message: `Denied package ${name} ${installed.version} is installed`,
          key: version === undefined ? name : `${name}#${version}`,
          evidence: { ...installed },
        };
      }
    },
  });
  return [
    compared(names.newer, 'An installed version is not the newest of the registry.', ({ name, version }, known) =>
      known?.latest === undefined || known.latest === version
        ? undefined
        : `Package ${name} ${version} is not the newest (${known.latest})`,
    ),
    compared(names.unknownName, 'The registry does not know an installed package.', ({ name }, known) =>
      known ? undefined : `Package ${name} is not known to the registry`,
    ),
    compared(names.unknownVersion, 'The registry does not know an installed version.', ({ name, version }, known) =>
      !known || known.versions.includes(version)
        ? undefined
        : `Version ${version} of package ${name} is not known to the registry`,
    ),
    denylist,
    formerName(denylist, names.deniedFormer),
    defineTrigger({
      name: 'feed_data_unavailable',
      description: 'There are no registry data.',
      parameters: {},
      *evaluate({ facts }) {
        const fact = group === 'npmFeed' ? facts.registryFeeds?.npm : facts.registryFeeds?.gem;
        if (fact?.state === 'present') return;
        yield { message: 'There are no registry data to compare with', key: 'unavailable' };
      },
    }),
  ];
}

interface Installed {
  name: string;
  version: string;
}

/** Distinct names and versions of one type. */
function installedPackages(context: TriggerContext<unknown>, type: PackageType): Installed[] {
  const distinct = new Map<string, Installed>();
  for (const pkg of context.read('packages') ?? []) {
    if (pkg.type === type) distinct.set(`${pkg.name}@${pkg.version}`, { name: pkg.name, version: pkg.version });
  }
  return [...distinct.values()];
}
