import type { Analysis } from '#engine/model/analysis.ts';
import { OS_PACKAGE_TYPES, type Package } from '#engine/model/package.ts';
import { apiPackageType, contentTypeOf, javaContent, packageContent } from '#features/images/index.ts';

/** A field of a package as corrections name it: one text, or a list of texts. */
export type FieldValue = string | string[];

/** Fields of a package by their names in the content of the image; `name` is another word for `package`. */
export function packageFields(analysis: Analysis, pkg: Package): Map<string, FieldValue> {
  const fields = new Map<string, FieldValue>();
  const alone = { ...analysis, packages: [pkg] };
  const rows = [packageContent(alone, contentTypeOf(pkg.type))[0], javaContent(alone)[0], named(pkg)];
  for (const row of rows) {
    for (const [name, value] of Object.entries(row ?? {})) {
      if (typeof value === 'string') fields.set(name, value);
      else if (Array.isArray(value))
        fields.set(
          name,
          value.filter((one): one is string => typeof one === 'string'),
        );
    }
  }
  return fields;
}

function named({ name, arch, metadata, locations }: Package): Record<string, FieldValue | undefined> {
  const pom = metadata.pomProperties as { groupId?: unknown; artifactId?: unknown } | undefined;
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return {
    name,
    arch,
    path: locations[0]?.path,
    groupId: text(metadata.groupId) ?? text(pom?.groupId),
    artifactId: text(metadata.artifactId) ?? text(pom?.artifactId),
  };
}

/** Types that a correction may name, and what they cover. */
export function coversType(wanted: string, pkg: Pick<Package, 'type'>): boolean {
  const type = wanted.toLowerCase();
  if (type === 'os') return OS_PACKAGE_TYPES.has(pkg.type);
  return [pkg.type, contentTypeOf(pkg.type), apiPackageType(pkg.type)].some((name) => name.toLowerCase() === type);
}
