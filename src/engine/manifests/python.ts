import { parse as parseToml } from 'smol-toml';
import { objectsOf } from '#shared/json-object.ts';
import { entries, fields, parseJson, text } from './fields.ts';
import type { Declaration, DeclaredPackage, ManifestKind } from './types.ts';

/** A requirement with the one version that fulfils it (PEP 508, PEP 440): `name[extra] == 1.2 ; marker`. */
const PINNED = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:\(\s*)?={2,3}\s*([^\s,;)*#]+)\s*\)?\s*(?:$|[;#\s\\])/;

/** `requirements.txt` of pip. Lines with options, addresses and ranges are counted, not read. */
function readRequirements(source: string): Declaration {
  const packages: DeclaredPackage[] = [];
  let open = 0;
  for (const line of source.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const requirement = line.replace(/(^|\s)#.*$/, '').trim();
    if (requirement === '' || requirement.startsWith('-')) continue;
    const [, name, version] = PINNED.exec(requirement) ?? [];
    if (name && version) packages.push({ name, version });
    else open++;
  }
  return { packages, open };
}

/** `Pipfile.lock`. */
function readPipfileLock(source: string): Declaration {
  const lock = parseJson(source);
  const packages = (['default', 'develop'] as const).flatMap((group) =>
    entries(lock[group]).flatMap(([name, row]): DeclaredPackage[] => {
      const version = /^===?\s*(.+)$/.exec(text(row.version) ?? '')?.[1];
      return version ? [{ name, version, development: group === 'develop' }] : [];
    }),
  );
  return { packages };
}

/** `poetry.lock`, `uv.lock` and `pdm.lock`: tables `package`; `pylock.toml` (PEP 751): tables `packages`. */
function readTomlLock(source: string): Declaration {
  const lock = fields(parseToml(source));
  const packages = objectsOf(lock.package ?? lock.packages).flatMap((row): DeclaredPackage[] => {
    const name = text(row.name);
    const version = text(row.version);
    const origin = fields(row.source);
    // The project itself and what lies beside it are no packages of an index.
    const local =
      ['editable', 'virtual', 'directory', 'path'].some((key) => origin[key] !== undefined) || row.path !== undefined;
    if (name === undefined || version === undefined || local) return [];
    const groups = Array.isArray(row.groups) ? row.groups : [row.category];
    const needed = Array.isArray(row.dependencies)
      ? row.dependencies.flatMap(
          (one) => text(fields(one).name) ?? /^[A-Za-z0-9][\w.-]*/.exec(text(one) ?? '')?.[0] ?? [],
        )
      : Object.keys(fields(row.dependencies));
    return [
      { name, version, dependencies: needed, development: groups.length > 0 && groups.every((one) => one === 'dev') },
    ];
  });
  return { packages };
}

/** Lock files and pinned requirements of Python. */
export const PYTHON_MANIFESTS: readonly ManifestKind[] = [
  {
    name: 'pip-requirements',
    type: 'python',
    metadataType: 'python-pip-requirements-entry',
    file: /requirements.*\.txt$/,
    read: readRequirements,
  },
  {
    name: 'pipfile-lock',
    type: 'python',
    metadataType: 'python-pipfile-lock-entry',
    file: /^pipfile\.lock$/,
    read: readPipfileLock,
  },
  {
    name: 'poetry-lock',
    type: 'python',
    metadataType: 'python-poetry-lock-entry',
    file: /^poetry\.lock$/,
    read: readTomlLock,
  },
  { name: 'uv-lock', type: 'python', metadataType: 'python-uv-lock-entry', file: /^uv\.lock$/, read: readTomlLock },
  { name: 'pdm-lock', type: 'python', metadataType: 'python-pdm-lock-entry', file: /^pdm\.lock$/, read: readTomlLock },
  { name: 'pylock', type: 'python', file: /^pylock(\.[^.]+)?\.toml$/, read: readTomlLock },
];
