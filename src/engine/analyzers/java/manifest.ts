/** Attributes of one section of a manifest. Names as written; of repeated names the first counts. */
export type ManifestSection = Record<string, string>;

/** `META-INF/MANIFEST.MF` (JAR File Specification, "Manifest format"). */
export interface JarManifest {
  main: ManifestSection;
  /** Named sections that carry version or title attributes, in order. */
  sections: ManifestSection[];
}

const LONGEST_VALUE = 1024;
const MOST_ATTRIBUTES = 500;
const MOST_SECTIONS = 50;
const TELLING = /^(Implementation|Specification|Bundle|Plugin)-|^Name$/;

/**
 * Reads a manifest: lines of at most 72 bytes are folded with a leading blank; an empty line ends a section. Lines
 * that are no attribute are skipped, long values cut, and sections without version attributes left out.
 */
export function readJarManifest(bytes: Uint8Array): JarManifest {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8', 0, bytes.length);
  const unfolded = text
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/\n /g, '');
  const manifest: JarManifest = { main: {}, sections: [] };
  let isMain = true;
  for (const block of unfolded.split(/\n\n+/)) {
    const section = readSection(block, isMain);
    if (isMain) {
      if (Object.keys(section).length === 0) continue;
      manifest.main = section;
      isMain = false;
    } else if (Object.keys(section).length > 1) {
      manifest.sections.push(section);
      if (manifest.sections.length >= MOST_SECTIONS) break;
    }
  }
  return manifest;
}

function readSection(block: string, keepAll: boolean): ManifestSection {
  const section: ManifestSection = {};
  let count = 0;
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim();
    if (!/^[A-Za-z0-9][\w-]{0,69}$/.test(name) || name === '__proto__' || name in section) continue;
    if (!keepAll && !TELLING.test(name)) continue;
    section[name] = line
      .slice(colon + 1)
      .trim()
      .slice(0, LONGEST_VALUE);
    if (++count >= MOST_ATTRIBUTES) break;
  }
  return section;
}

/** A bundle's symbolic name without directives: `org.apache.felix.scr;singleton:=true`. */
export function symbolicName(manifest: JarManifest): string | undefined {
  const value = manifest.main['Bundle-SymbolicName']?.split(';', 1)[0]?.trim();
  return value === '' ? undefined : value;
}
