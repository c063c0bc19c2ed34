import { objectOf, objectsOf } from '#shared/json-object.ts';
import { text } from './members.ts';
import type { PushReader, ReadPush } from './read-push.ts';

type Pushed = ReadPush['pushes'][number];

/** The pushed name of one event of the distribution registry, which Azure's registry sends as well; undefined when it tells of something else. */
export function pushedName(event: Record<string, unknown>): Pushed | undefined {
  const target = objectOf(event.target);
  const repository = text(target?.repository);
  if (text(event.action) !== 'push' || !target || !repository) return undefined;
  // Blobs are pushed too: only manifests change what a name stands for.
  if (/octet-stream|\.layer\.|\.rootfs\.|image\.v1\+json|config\.v1\+json/.test(text(target.mediaType) ?? ''))
    return undefined;
  const url = text(target.url);
  const registry = text(objectOf(event.request)?.host) ?? (url && URL.canParse(url) ? new URL(url).host : undefined);
  const tag = text(target.tag);
  return { repository, ...(registry ? { registry } : {}), ...(tag ? { tag } : {}) };
}

/** CNCF distribution: an envelope of events. https://distribution.github.io/distribution/about/notifications/ */
export const readDistribution: PushReader = (body) => {
  const events = objectOf(body)?.events;
  if (!Array.isArray(events)) return undefined;
  const list = objectsOf(events);
  if (list.length !== events.length || !list.every((event) => text(event.action) !== undefined)) return undefined;
  return { format: 'distribution', pushes: list.flatMap((event) => pushedName(event) ?? []) };
};
