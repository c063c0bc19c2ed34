import { objectOf } from '#shared/json-object.ts';
import { splitName, text } from './members.ts';
import type { PushReader } from './read-push.ts';

/** Docker Hub: one tag of one repository. https://docs.docker.com/docker-hub/repos/manage/webhooks/ */
export const readDockerHub: PushReader = (body) => {
  const repository = text(objectOf(objectOf(body)?.repository)?.repo_name);
  const push = objectOf(objectOf(body)?.push_data);
  if (!repository || !push) return undefined;
  const tag = text(push.tag);
  return { format: 'docker-hub', pushes: [{ registry: 'docker.io', repository, ...(tag ? { tag } : {}) }] };
};

/** Quay "repository push": the tags that changed. https://docs.redhat.com/en/documentation/red_hat_quay */
export const readQuay: PushReader = (body) => {
  const message = objectOf(body);
  const name = splitName(text(message?.docker_url));
  if (!message || !name || text(message.repository) === undefined) return undefined;
  const { registry, repository } = name;
  const updated = message.updated_tags;
  // Later releases send a list of names; earlier ones an object by name.
  const tags = Array.isArray(updated)
    ? updated.flatMap((tag) => text(tag) ?? [])
    : Object.keys(objectOf(updated) ?? {});
  // Other notifications (builds, scans) have no tags: nothing was pushed.
  return { format: 'quay', pushes: tags.map((tag) => ({ registry, repository, tag })) };
};
