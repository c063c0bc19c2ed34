import { defineTrigger } from '../../gate.ts';
import { comparison, defaulted, holds, oneOf, optional, text } from '../../parameter.ts';
import { compileSelector, selects } from '../../selector.ts';
import { compareVersion } from './package-version.ts';

const equality = oneOf(['=', '!=']);

/** Fires once per package that meets every given comparison. */
export const metadata = defineTrigger({
  name: 'metadata',
  description: 'An installed package meets every given comparison.',
  parameters: {
    name: optional(text, { description: 'Package name; `*` stands for any characters.', example: 'log4j*' }),
    name_comparison: defaulted(equality, '=', { description: 'How the name is compared.', example: '=' }),
    version: optional(text, { description: 'Version.', example: '2.17.1' }),
    version_comparison: defaulted(comparison, '=', {
      description: 'How the version is compared, in the order of its ecosystem.',
      example: '<',
    }),
    type: optional(text, { description: 'Package type.', example: 'java-archive' }),
    type_comparison: defaulted(equality, '=', { description: 'How the type is compared.', example: '=' }),
  },
  check({ name, version, type }) {
    if (name !== undefined || version !== undefined || type !== undefined) return [];
    return [{ severity: 'error', parameter: 'name', text: ', "version" or "type" must be given' }];
  },
  *evaluate({ params, read, versions, regex }) {
    const { name, version, type } = params;
    const selector = name === undefined ? undefined : compileSelector(name);
    const seen = new Set<string>();
    for (const pkg of read('packages') ?? []) {
      if (selector && selects(selector, pkg.name, regex) !== (params.name_comparison === '=')) continue;
      if (type !== undefined && (pkg.type === type.trim()) !== (params.type_comparison === '=')) continue;
      if (version !== undefined && !holds(compareVersion(pkg, version, versions), params.version_comparison)) continue;
      const key = `${pkg.type}/${pkg.name}@${pkg.version}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield {
        message: `Package ${pkg.name} ${pkg.version} (${pkg.type}) meets the rule's comparisons`,
        key,
        triggerId: `${pkg.name}-${pkg.version}`,
        evidence: { name: pkg.name, version: pkg.version, type: pkg.type },
      };
    }
  },
});
