import { parseStanzas } from './stanzas.ts';

const COMMON_LICENSE = /\/usr\/share\/common-licenses\/([A-Za-z0-9.+-]*[A-Za-z0-9+])/g;

/**
 * Licence names of a `copyright` file, in order of appearance, each once: the `License` fields when the file is
 * machine-readable (DEP 5: a `Format` field comes first), else the common licences that the text refers to.
 */
export function parseCopyright(text: string): string[] {
  const names = isMachineReadable(text) ? licenseFields(text) : [];
  return names.length > 0 ? names : commonLicenses(text);
}

function isMachineReadable(text: string): boolean {
  return /^(?:\uFEFF|\s|#.*\n)*Format(-Specification)?:/i.test(text.slice(0, 4096));
}

function licenseFields(text: string): string[] {
  const names = new Set<string>();
  for (const stanza of parseStanzas(text)) {
    // The synopsis is the first line; the lines below it are the licence's text.
    const synopsis = stanza.get('license')?.split('\n', 1)[0]?.trim();
    if (synopsis) names.add(synopsis);
  }
  return [...names];
}

function commonLicenses(text: string): string[] {
  const names = new Set<string>();
  for (const match of text.matchAll(COMMON_LICENSE)) names.add(match[1] as string);
  return [...names];
}
