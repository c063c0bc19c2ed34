import type { FileHead, FileReader } from '../../image/types.ts';
import type { Analyzer } from '../types.ts';
import { collectNpm } from './collect.ts';
import { type InstalledLockFact, readInstalledLock } from './installed-lock.ts';
import { type NpmManifestFact, readManifest } from './manifest.ts';

/** Facts of this analyzer. */
export type NpmFact = NpmManifestFact | InstalledLockFact;

const MANIFEST: FileReader<NpmFact> = {
  kind: 'whole',
  limit: 8 << 20,
  read: (content) => readManifest(content.bytes()),
};

const INSTALLED_LOCK: FileReader<NpmFact> = {
  kind: 'whole',
  limit: 64 << 20,
  read: (content) => readInstalledLock(content.bytes()),
};

function select(file: FileHead): FileReader<NpmFact> | undefined {
  if (!file.path.endsWith('.json') || file.size === 0) return undefined;
  if (file.path.endsWith('/package.json')) return MANIFEST;
  if (file.path.endsWith('/node_modules/.package-lock.json')) return INSTALLED_LOCK;
  return undefined;
}

/** Installed npm packages and the projects they belong to. */
export const npmAnalyzer: Analyzer<NpmFact> = {
  name: 'npm',
  version: 1,
  kind: 'packages',
  select,
  collect: collectNpm,
};
