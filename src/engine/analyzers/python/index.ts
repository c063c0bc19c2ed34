import type { FileHead, FileReader } from '../../image/types.ts';
import { directoryOf, fileName } from '../location.ts';
import type { Analyzer } from '../types.ts';
import { collectPython } from './collect.ts';
import { type DirectUrl, readDirectUrl } from './direct-url.ts';
import { decodeText } from './headers.ts';
import { type PythonMetadata, readMetadata } from './metadata.ts';
import { type PythonRecord, readInstalledFiles, readRecord } from './record.ts';
import { type EggRequirements, readRequires } from './requires.ts';
import { readWheelSbom, type WheelSbom } from './sboms.ts';

/** Import names of a distribution. */
export interface TopLevel {
  kind: 'top-level';
  names: string[];
}

/** A virtual environment's marker file (PEP 405). */
export interface VirtualEnvironment {
  kind: 'environment';
  systemSitePackages: boolean;
}

/** Facts of this analyzer; all but environments belong to the info directory they lie in. */
export type PythonFact =
  | PythonMetadata
  | PythonRecord
  | EggRequirements
  | TopLevel
  | DirectUrl
  | VirtualEnvironment
  | WheelSbom;

function whole(
  limit: number,
  read: (bytes: Uint8Array, file: FileHead) => PythonFact | undefined,
): FileReader<PythonFact> {
  return { kind: 'whole', limit, read: (content, file) => read(content.bytes(), file) };
}

const METADATA: FileReader<PythonFact> = {
  kind: 'whole',
  limit: 64 << 20,
  read: (content) => readMetadata(content.read(0, 4 << 20)),
};
const RECORD = whole(64 << 20, readRecord);
const INSTALLED_FILES = whole(64 << 20, (bytes, file) => readInstalledFiles(bytes, fileName(directoryOf(file.path))));
const DIRECT_URL = whole(1 << 20, readDirectUrl);
const REQUIRES = whole(4 << 20, readRequires);
const TOP_LEVEL = whole(4 << 20, (bytes) => ({
  kind: 'top-level',
  names: decodeText(bytes)
    .split(/\s+/)
    .filter((name) => name !== '')
    .slice(0, 1000),
}));
const ENVIRONMENT = whole(1 << 20, (bytes) => ({
  kind: 'environment',
  systemSitePackages: /^\s*include-system-site-packages\s*=\s*true\s*$/im.test(decodeText(bytes)),
}));

const SBOM = whole(32 << 20, readWheelSbom);

const INFO_DIRECTORY = /\.(dist-info|egg-info)\/[^/]+$|\/EGG-INFO\/[^/]+$/i;

function select(file: FileHead): FileReader<PythonFact> | undefined {
  const name = fileName(file.path);
  switch (name) {
    case 'METADATA':
    case 'PKG-INFO':
      return INFO_DIRECTORY.test(file.path) ? METADATA : undefined;
    case 'RECORD':
      return INFO_DIRECTORY.test(file.path) ? RECORD : undefined;
    case 'installed-files.txt':
      return INFO_DIRECTORY.test(file.path) ? INSTALLED_FILES : undefined;
    case 'top_level.txt':
      return INFO_DIRECTORY.test(file.path) ? TOP_LEVEL : undefined;
    case 'requires.txt':
      return INFO_DIRECTORY.test(file.path) ? REQUIRES : undefined;
    case 'direct_url.json':
      return INFO_DIRECTORY.test(file.path) ? DIRECT_URL : undefined;
    case 'pyvenv.cfg':
      return ENVIRONMENT;
    default:
      if (name.endsWith('.json') && file.path.includes('.dist-info/sboms/')) return SBOM;
      if (name.endsWith('.egg-info')) return METADATA;
      if (name.length <= 8 && /^(metadata|pkg-info)$/i.test(name) && INFO_DIRECTORY.test(file.path)) return METADATA;
      return undefined;
  }
}

/** Installed Python distributions of every environment in the image. */
export const pythonAnalyzer: Analyzer<PythonFact> = {
  name: 'python',
  version: 2,
  kind: 'packages',
  select,
  collect: collectPython,
};
