import { XMLParser } from 'fast-xml-parser';
import { isObject, objectsOf } from '#shared/json-object.ts';
import { entries, fields, parseJson, text } from './fields.ts';
import type { Declaration, DeclaredPackage, ManifestKind } from './types.ts';

const EXACT = /^\[?\d+(\.\d+)*(-[\w.-]+)?(\+[\w.-]+)?\]?$/;

/** `packages.lock.json` of NuGet: by target framework. */
function readLock(source: string): Declaration {
  const byKey = new Map<string, DeclaredPackage>();
  for (const [, framework] of entries(parseJson(source).dependencies)) {
    for (const [name, row] of entries(framework)) {
      const version = text(row.resolved);
      // Projects of the same solution have no version that anybody could look up.
      if (version === undefined || row.type === 'Project') continue;
      byKey.set(`${name} ${version}`.toLowerCase(), {
        name,
        version,
        dependencies: Object.keys(fields(row.dependencies)),
      });
    }
  }
  return { packages: [...byKey.values()] };
}

function parseXml(source: string): unknown {
  return new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
  }).parse(source);
}

/** Elements of a name, at any depth. */
function* elements(node: unknown, name: string): Generator<Record<string, unknown>> {
  const pending: unknown[] = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (Array.isArray(next)) pending.push(...next);
    if (!isObject(next)) continue;
    for (const [key, value] of Object.entries(next)) {
      if (key === name) yield* objectsOf(value);
      pending.push(value);
    }
  }
}

/** `packages.config` of NuGet 2. */
function readConfig(source: string): Declaration {
  const packages = [...elements(parseXml(source), 'package')].flatMap((row): DeclaredPackage[] => {
    const name = text(row.id);
    const version = text(row.version);
    return name && version ? [{ name, version, development: row.developmentDependency === 'true' }] : [];
  });
  return { packages };
}

/** References of a project file, and the versions that a solution keeps at one place. */
function readProject(source: string): Declaration {
  const project = parseXml(source);
  const packages: DeclaredPackage[] = [];
  let open = 0;
  for (const element of ['PackageReference', 'PackageVersion', 'GlobalPackageReference']) {
    for (const row of elements(project, element)) {
      const name = text(row.Include) ?? text(row.Update);
      const stated =
        text(row.Version) ?? text(row.VersionOverride) ?? text(Array.isArray(row.Version) ? row.Version[0] : undefined);
      if (name && stated && EXACT.test(stated)) packages.push({ name, version: stated.replace(/^\[|\]$/g, '') });
      // Without a version here, the solution's own list has it.
      else if (name && stated) open++;
    }
  }
  return { packages, open };
}

/** Packages of NuGet. */
export const DOTNET_MANIFESTS: readonly ManifestKind[] = [
  {
    name: 'nuget-lock',
    type: 'dotnet',
    metadataType: 'dotnet-packages-lock-entry',
    file: /^packages\.lock\.json$/,
    read: readLock,
  },
  { name: 'nuget-config', type: 'dotnet', file: /^packages\.config$/, read: readConfig },
  {
    name: 'nuget-project',
    type: 'dotnet',
    file: /^(.+\.(cs|fs|vb)proj|directory\.packages\.props)$/,
    read: readProject,
  },
];
