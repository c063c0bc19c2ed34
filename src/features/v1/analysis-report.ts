export type JsonObject = Record<string, unknown>;

/** The object in a field; an empty one where there is none. */
export function objectIn(holder: JsonObject, field: string): JsonObject {
  const value = holder[field];
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The text in a field, unless it is empty or the word for nothing. */
export function textIn(holder: JsonObject, field: string): string | undefined {
  const value = holder[field];
  return typeof value === 'string' && value !== '' && value !== 'None' && value !== 'N/A' ? value : undefined;
}

/** Lists of packages in a report: type in an SBOM, language, and type in a package URL. */
const LISTS: Readonly<Record<string, readonly [type: string, language: string, purl: string]>> = {
  'pkgs.npms': ['npm', 'javascript', 'npm'],
  'pkgs.gems': ['gem', 'ruby', 'gem'],
  'pkgs.python': ['python', 'python', 'pypi'],
  'pkgs.java': ['java-archive', 'java', 'maven'],
  'pkgs.go': ['go-module', 'go', 'golang'],
  'pkgs.binary': ['binary', '', 'generic'],
};
/** Types of packages of an operating system, in an SBOM and in a package URL. */
const SYSTEM: Readonly<Record<string, readonly [type: string, purl: string]>> = {
  dpkg: ['deb', 'deb'],
  rpm: ['rpm', 'rpm'],
  apkg: ['apk', 'apk'],
  apk: ['apk', 'apk'],
};
/** More packages than any image has. */
const MOST_PACKAGES = 200_000;

/** The report of an analysis of the first generation as a native SBOM. */
export function sbomOfReport(report: JsonObject): JsonObject {
  const meta = baseOf(report, 'analyzer_meta', 'analyzer_meta');
  const distro = { id: textIn(meta, 'DISTRO') ?? '', versionID: textIn(meta, 'DISTROVERS') ?? '' };
  const artifacts = [...systemPackages(report, distro.id), ...languagePackages(report)].slice(0, MOST_PACKAGES);
  return {
    artifacts: artifacts.map((artifact, at) => ({ id: `p${at + 1}`, ...artifact })),
    source: { type: 'image', target: {} },
    distro: { ...distro, name: distro.id, version: distro.versionID, idLike: textIn(meta, 'LIKEDISTRO') ?? '' },
    descriptor: { name: 'analysis-archive', version: '1' },
  };
}

function systemPackages(report: JsonObject, distro: string): JsonObject[] {
  return entriesOf(baseOf(report, 'package_list', 'pkgs.allinfo')).flatMap(([name, info]) => {
    const [type, purl] = SYSTEM[textIn(info, 'type') ?? ''] ?? [];
    const version = textIn(info, 'version');
    if (!type || !version) return [];
    const release = textIn(info, 'release');
    const full = release ? `${version}-${release}` : version;
    const arch = textIn(info, 'arch');
    const source = textIn(info, 'sourcepkg');
    const qualifiers = [...(arch ? [`arch=${encodeURIComponent(arch)}`] : []), ...(source ? [upstream(source)] : [])];
    const query = qualifiers.length ? `?${qualifiers.join('&')}` : '';
    return artifact(
      name,
      full,
      type,
      '',
      info,
      `pkg:${purl}/${encodeURIComponent(distro)}/${part(name)}@${part(full)}${query}`,
    );
  });
}

function upstream(source: string): string {
  return `upstream=${encodeURIComponent(source)}`;
}

function languagePackages(report: JsonObject): JsonObject[] {
  return Object.entries(LISTS).flatMap(([list, [type, language, purl]]) =>
    entriesOf(baseOf(report, 'package_list', list)).flatMap(([path, info]) => {
      const name = textIn(info, 'name') ?? path.split('/').at(-1) ?? path;
      const versions = Array.isArray(info.versions) ? info.versions : [];
      const version =
        textIn(info, 'version') ??
        textIn(info, 'maven-version') ??
        textIn(info, 'implementation-version') ??
        versions.find((one) => typeof one === 'string');
      if (!version) return [];
      const located = { ...info, location: textIn(info, 'location') ?? path };
      return artifact(name, version, type, language, located, `pkg:${purl}/${part(name)}@${part(version)}`);
    }),
  );
}

function artifact(
  name: string,
  version: string,
  type: string,
  language: string,
  info: JsonObject,
  purl: string,
): JsonObject[] {
  const given = info.lics ?? info.license ?? info.licenses;
  const licenses = typeof given === 'string' ? given.split(/[ ,]+/) : Array.isArray(given) ? given : [];
  const cpes = Array.isArray(info.cpes) ? info.cpes : [];
  const path = textIn(info, 'location');
  return [
    {
      name,
      version,
      type,
      language,
      locations: path ? [{ path }] : [],
      licenses: licenses.filter((one) => typeof one === 'string' && one !== '' && one !== 'Unknown'),
      cpes: cpes.filter((one) => typeof one === 'string'),
      purl,
    },
  ];
}

/** The values that an analyzer wrote, by the name of its output. */
function baseOf(report: JsonObject, analyzer: string, output: string): JsonObject {
  return objectIn(objectIn(objectIn(report, analyzer), output), 'base');
}

/** Values are objects, as they are or as JSON texts. What is neither is left out. */
function entriesOf(base: JsonObject): [string, JsonObject][] {
  return Object.entries(base).flatMap(([key, value]) => {
    const read = typeof value === 'string' ? jsonObject(value) : value;
    return read !== null && typeof read === 'object' ? [[key, read as JsonObject] as [string, JsonObject]] : [];
  });
}

function jsonObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const part = (text: string) => encodeURIComponent(text).replaceAll('%2F', '/');
