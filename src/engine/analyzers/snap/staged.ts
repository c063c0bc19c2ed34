import { parse } from 'yaml';
import { isObject } from '#shared/json-object.ts';

/** A Debian package that was put into a snap. */
export interface StagedPackage {
  name: string;
  version: string;
  arch?: string;
}

/** Fact of one file of a snap. */
export interface SnapFact {
  /** `base`: what a base snap consists of. `app`: what was staged for an application. */
  kind: 'base' | 'app';
  snap?: string;
  snapVersion?: string;
  /** Base that the snap runs on: `core22`. */
  base?: string;
  architecture?: string;
  /** Distribution that the packages come from. */
  os?: { id: string; versionId?: string };
  packages: StagedPackage[];
  error?: string;
}

const MOST_PACKAGES = 20_000;

/** Reads `snap/manifest.yaml`, which snapcraft writes, or `dpkg.yaml` of a base snap. Never throws. */
export function readSnap(kind: SnapFact['kind'], text: string): SnapFact {
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 100, schema: 'failsafe' });
  } catch (error) {
    return {
      kind,
      packages: [],
      error: (error instanceof Error ? error.message : 'no YAML').split('\n', 1)[0]?.slice(0, 200) ?? '',
    };
  }
  const fields = isObject(document) ? document : {};
  const word = (key: string): string | undefined => scalar(fields[key]);
  const id = word('snapcraft-os-release-id');
  const versionId = word('snapcraft-os-release-version-id');
  const fact: SnapFact = { kind, packages: packagesOf(kind === 'base' ? [fields.packages] : stagedLists(fields)) };
  const architectures = Array.isArray(fields.architectures) ? fields.architectures : [];
  const optional = {
    snap: word('name'),
    snapVersion: word('version'),
    base: word('base'),
    architecture: scalar(architectures[0]),
  };
  for (const [key, value] of Object.entries(optional)) if (value !== undefined) Object.assign(fact, { [key]: value });
  if (id !== undefined) fact.os = { id: id.toLowerCase(), ...(versionId ? { versionId } : {}) };
  return fact;
}

/** What went into the snap as a whole; older manifests tell it for each part only. */
function stagedLists(fields: Record<string, unknown>): unknown[] {
  if (Array.isArray(fields['primed-stage-packages'])) return [fields['primed-stage-packages']];
  const parts = isObject(fields.parts) ? Object.values(fields.parts) : [];
  return parts.flatMap((part) => (isObject(part) ? [part['stage-packages']] : []));
}

/** Entries `name=version`, with `:architecture` behind the name for foreign ones. */
function packagesOf(lists: readonly unknown[]): StagedPackage[] {
  const packages = new Map<string, StagedPackage>();
  for (const entry of lists.flatMap((list) => (Array.isArray(list) ? list : []))) {
    const match =
      typeof entry === 'string'
        ? /^([a-z0-9][a-z0-9+.-]{0,200})(?::([a-z0-9-]{1,30}))?=(\d[\w.+:~-]{0,200})$/.exec(entry)
        : null;
    if (match === null || packages.size >= MOST_PACKAGES) continue;
    const [text, name = '', arch, version = ''] = match;
    packages.set(text, { name, version, ...(arch ? { arch } : {}) });
  }
  return [...packages.values()];
}

function scalar(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 200 ? value : undefined;
}
