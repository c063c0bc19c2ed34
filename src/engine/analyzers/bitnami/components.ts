import { isObject, type Json, objectsOf } from '#shared/json-object.ts';
import { parsePurl } from '../../sbom/parse-purl.ts';

/** A component that Bitnami put into an image. */
export interface BitnamiComponent {
  name: string;
  /** With its revision: `7.4.0-0`. */
  version: string;
  arch?: string;
  distro?: string;
  purl: string;
  cpes: string[];
  licenses: string[];
}

/** No document of a component names more. */
const MOST_COMPONENTS = 1000;

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 4096 ? value : undefined;
}

/**
 * Components of an SPDX 2.x document in JSON that Bitnami lays beside one: what has a package URL of the type `bitnami`.
 * Libraries inside the component are named there as well; they are found by their own traces. Undefined when the text is
 * no such document.
 */
export function readSpdxComponents(json: string): BitnamiComponent[] | undefined {
  const document = parse(json);
  if (!document || text(document.spdxVersion) === undefined) return undefined;
  return objectsOf(document.packages)
    .slice(0, MOST_COMPONENTS)
    .flatMap((entry) => {
      const references = objectsOf(entry.externalRefs);
      const locators = (type: string): string[] =>
        references.filter((one) => one.referenceType === type).flatMap((one) => text(one.referenceLocator) ?? []);
      const component = locators('purl').flatMap((purl) => componentOf(purl) ?? [])[0];
      if (!component) return [];
      const licenses = [text(entry.licenseDeclared), text(entry.licenseConcluded)].filter(
        (one): one is string => one !== undefined && one !== 'NOASSERTION' && one !== 'NONE',
      );
      return [{ ...component, cpes: locators('cpe23Type').map(asApplication), licenses: [...new Set(licenses)] }];
    });
}

/** Some documents leave the part of a CPE open; all components are applications. */
function asApplication(cpe: string): string {
  return cpe.replace(/^cpe:2\.3:\*:/, 'cpe:2.3:a:');
}

function componentOf(purl: string): Omit<BitnamiComponent, 'cpes' | 'licenses'> | undefined {
  const parsed = parsePurl(purl);
  if (parsed?.type !== 'bitnami' || !parsed.version) return undefined;
  const { arch, distro } = parsed.qualifiers;
  return {
    name: parsed.name,
    version: parsed.version,
    purl,
    ...(arch ? { arch } : {}),
    ...(distro ? { distro } : {}),
  };
}

/** One entry of `.bitnami_components.json`, which older images have instead of documents. */
export interface ListedComponent {
  name: string;
  version: string;
  arch?: string;
  distro?: string;
}

/** Entries of `.bitnami_components.json`; undefined when the text is none. */
export function readComponentList(json: string): ListedComponent[] | undefined {
  const document = parse(json);
  if (!document) return undefined;
  return Object.entries(document)
    .slice(0, MOST_COMPONENTS)
    .flatMap(([name, entry]) => {
      const version = isObject(entry) ? text(entry.version) : undefined;
      if (!isObject(entry) || version === undefined) return [];
      const arch = text(entry.arch);
      const distro = text(entry.distro);
      return [{ name, version, ...(arch ? { arch } : {}), ...(distro ? { distro } : {}) }];
    });
}

function parse(json: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(json.replace(/^\ufeff/, ''));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
