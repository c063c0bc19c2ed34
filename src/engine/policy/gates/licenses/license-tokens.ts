import type { PackageLicense } from '../../../model/package.ts';

/**
 * The licence names of one statement: the names in its SPDX expression (operators and exceptions dropped), or the
 * words of the text as found, and the whole text.
 */
export function licenseNames(license: PackageLicense): string[] {
  const names = new Set<string>([license.value.trim()]);
  const source = license.spdxExpression ?? license.value;
  const words = source.split(/[\s()]+/).filter((word) => word !== '');
  let skip = false;
  for (const word of words) {
    if (skip) skip = false;
    else if (/^with$/i.test(word)) skip = true;
    else if (!/^(?:and|or)$/i.test(word)) names.add(word.replace(/,$/, ''));
  }
  names.delete('');
  return [...names];
}
