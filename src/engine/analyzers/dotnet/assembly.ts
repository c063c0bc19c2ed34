import { memorySource } from '../../formats/byte-source.ts';
import { readCliAssembly } from '../../formats/pe/cli-metadata.ts';
import { openPe } from '../../formats/pe/index.ts';
import type { FileContent } from '../../image/types.ts';

/** Fact of one .NET assembly. */
export interface AssemblyFact {
  kind: 'assembly';
  name: string;
  /** Version of the release, as near as the assembly tells. */
  version: string;
  assemblyVersion: string;
  fileVersion?: string;
  productVersion?: string;
  productName?: string;
  companyName?: string;
  legalCopyright?: string;
  /** Names of assemblies that it uses. */
  references: string[];
}

/** Assemblies that the runtime itself consists of; they are known as the runtime's packages, not by their own names. */
const OF_THE_RUNTIME = /^(mscorlib|netstandard|System\.Private\..*|WindowsBase)$/i;
const RUNTIME_PRODUCTS = /^(Mono Common Language Infrastructure|Microsoft® \.NET Framework)$/i;

/**
 * Reads the assembly of a PE file. Undefined for native code, translations, reference assemblies (which are compiled
 * against and never run), and parts of a runtime.
 */
export function readAssembly(content: FileContent): AssemblyFact | undefined {
  const pe = openPe(content.size <= 64 << 20 ? memorySource(content.bytes()) : content);
  const assembly = pe && readCliAssembly(pe);
  if (!assembly || assembly.culture !== undefined || 'ReferenceAssembly' in assembly.attributes) return undefined;
  const { name, version, attributes, references } = assembly;
  const { Product: productName, Company: companyName, Copyright: legalCopyright } = attributes;
  if (OF_THE_RUNTIME.test(name) || RUNTIME_PRODUCTS.test(productName ?? '')) return undefined;
  const stated = releaseVersion(attributes.InformationalVersion, attributes.FileVersion, version);
  if (stated === undefined) return undefined;
  return {
    kind: 'assembly',
    name,
    version: stated,
    assemblyVersion: version,
    ...(attributes.FileVersion ? { fileVersion: attributes.FileVersion } : {}),
    ...(attributes.InformationalVersion ? { productVersion: attributes.InformationalVersion } : {}),
    ...(productName ? { productName } : {}),
    ...(companyName ? { companyName } : {}),
    ...(legalCopyright ? { legalCopyright } : {}),
    references,
  };
}

/**
 * The version under which NuGet knows a release: what the build calls it without the commit behind `+`, else the file's version,
 * else the assembly's. A fourth number is dropped when it is 0, or so large that it counts builds. Undefined when all are zeros.
 */
export function releaseVersion(
  informational: string | undefined,
  file: string | undefined,
  assembly: string,
): string | undefined {
  for (const text of [informational, file, assembly]) {
    const match = /^v?(\d{1,9}(?:\.\d{1,9}){1,3})(-[0-9A-Za-z.-]{1,60})?(?:\+.*)?$/s.exec(text?.trim() ?? '');
    if (match === null) continue;
    const [, dotted = '', suffix = ''] = match;
    const numbers = dotted.split('.').map(Number);
    if (numbers.every((number) => number === 0)) continue;
    const [fourth = 0] = numbers.splice(3);
    while (numbers.length < 3) numbers.push(0);
    return `${numbers.join('.')}${fourth === 0 || fourth >= 1000 ? '' : `.${fourth}`}${suffix}`;
  }
  return undefined;
}
