import { objectOf, objectsOf } from '#shared/json-object.ts';
import { splitName, text } from './members.ts';
import type { PushReader } from './read-push.ts';

const PUSHED = new Set(['PUSH_ARTIFACT', 'harbor.artifact.pushed', 'REPLICATION', 'pushImage']);

/** Harbor, in its own form and as a CloudEvent: the artifacts that were pushed. https://goharbor.io/docs/main/working-with-projects/project-configuration/configure-webhooks/ */
export const readHarbor: PushReader = (body) => {
  const message = objectOf(body);
  const data = objectOf(message?.event_data) ?? (text(message?.specversion) ? objectOf(message?.data) : undefined);
  const type = text(message?.type);
  if (!message || !data || !type || (!objectOf(data.repository) && !Array.isArray(data.resources))) return undefined;
  const full = text(objectOf(data.repository)?.repo_full_name);
  const pushes = objectsOf(data.resources).flatMap((resource) => {
    const name = splitName(text(resource.resource_url));
    const repository = full ?? name?.repository;
    if (!repository) return [];
    // A resource that is only known by digest has its digest in place of a tag.
    const tag = text(resource.tag) ?? name?.tag;
    const tagged = tag !== undefined && !tag.startsWith('sha256:') ? { tag } : {};
    return [{ repository, ...(name ? { registry: name.registry } : {}), ...tagged }];
  });
  return { format: 'harbor', pushes: PUSHED.has(type) ? pushes : [] };
};
