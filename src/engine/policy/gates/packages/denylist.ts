import { defineTrigger } from '../../gate.ts';
import { optional, required, text } from '../../parameter.ts';
import { isVersion } from './package-version.ts';

/** Fires once per installed version of a denied package. */
export const denylist = defineTrigger({
  name: 'denylist',
  description: 'A denied package, or a denied version of it, is installed.',
  parameters: {
    name: required(text, { description: 'Package name.', example: 'telnetd' }),
    version: optional(text, { description: 'Version; any when absent.', example: '0.17' }),
  },
  *evaluate({ params, read }) {
    const { name, version } = params;
    const seen = new Set<string>();
    for (const pkg of read('packages') ?? []) {
      if (pkg.name !== name || (version !== undefined && !isVersion(pkg, version))) continue;
      const key = version === undefined ? name : `${name}#${version}`;
      if (seen.has(`${key} ${pkg.version}`)) continue;
      seen.add(`${key} ${pkg.version}`);
      yield {
        message: `Denied package ${name} ${pkg.version} (${pkg.type}) is installed`,
        key,
        evidence: { denied: name, version: pkg.version, type: pkg.type },
      };
    }
  },
});
