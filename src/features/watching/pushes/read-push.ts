import type { Push } from '../store.ts';
import { readCloudPush } from './clouds.ts';
import { readDistribution } from './distribution.ts';
import { readGithub } from './github.ts';
import { readHarbor } from './harbor.ts';
import { readDockerHub, readQuay } from './hosted.ts';

/** What a body tells. */
export interface ReadPush {
  /** Who speaks like that. */
  format: string;
  /** What was pushed; without a registry where the body does not say of which it is. */
  pushes: (Omit<Push, 'registry'> & { registry?: string })[];
  /** Text that the sender expects back, to see that it reaches somebody. */
  validation?: string;
}

/** Reads a body of one sender; undefined when it is of another. */
export type PushReader = (
  body: unknown,
  headers: Readonly<Record<string, string | string[] | undefined>>,
) => ReadPush | undefined;

const READERS: readonly PushReader[] = [
  readGithub,
  readHarbor,
  readDockerHub,
  readQuay,
  readDistribution,
  readCloudPush,
];

/** Finds out who sent a body and what was pushed; undefined when nobody is known to speak like that. */
export const readPush: PushReader = (body, headers) => {
  for (const reader of READERS) {
    const found = reader(body, headers);
    if (found) return found;
  }
  return undefined;
};
