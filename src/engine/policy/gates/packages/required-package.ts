import { defineTrigger } from '../../gate.ts';
import { defaulted, oneOf, optional, required, text } from '../../parameter.ts';
import { compareVersion, isExactVersion } from './package-version.ts';

/** Fires when no installed package of the name has the version. */
export const requiredPackage = defineTrigger({
  name: 'required_package',
  description: 'A package is missing, or none of its installed versions is the required one.',
  parameters: {
    name: required(text, { description: 'Package name.', example: 'ca-certificates' }),
    version: optional(text, { description: 'Version; any when absent.', example: '20230311' }),
    version_match_type: defaulted(oneOf(['exact', 'minimum']), 'exact', {
      description: 'Exactly this version, or this or a later one in the order of its ecosystem.',
      example: 'minimum',
    }),
  },
  *evaluate({ params, read, versions }) {
    const packages = read('packages');
    if (!packages) return;
    const { name, version, version_match_type: matchType } = params;
    const installed = packages.filter((pkg) => pkg.name === name);
    const wanted = version === undefined ? name : `${name} ${matchType === 'minimum' ? '>= ' : ''}${version}`;
    const key = `${name}#${matchType}#${version ?? ''}`;
    if (installed.length === 0) {
      yield { message: `Required package ${wanted} is not installed`, key, evidence: { required: name } };
      return;
    }
    if (version === undefined) return;
    const satisfied = installed.some((pkg) =>
      matchType === 'exact' ? isExactVersion(pkg, version) : compareVersion(pkg, version, versions) >= 0,
    );
    if (satisfied) return;
    const found = installed.map((pkg) => pkg.version);
    yield {
      message: `Required package ${wanted} is installed as ${found.join(', ')}`,
      key,
      evidence: { required: name, found },
    };
  },
});
