import { objectOf } from '#shared/json-object.ts';
import { splitName, text } from './members.ts';
import type { PushReader } from './read-push.ts';

/**
 * GitHub: the events `package` and `registry_package` of container packages, and the `ping` of a new webhook.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
export const readGithub: PushReader = (body, headers) => {
  const message = objectOf(body);
  if (!message) return undefined;
  if (headers['x-github-event'] === 'ping' || (text(message.zen) && objectOf(message.hook))) {
    return { format: 'github', pushes: [] };
  }
  const found = objectOf(message.registry_package) ?? objectOf(message.package);
  const version = objectOf(found?.package_version);
  if (!found || !version) return undefined;
  const isContainer = [found.package_type, found.ecosystem].some((kind) => text(kind)?.toLowerCase() === 'container');
  if (!isContainer || !['published', 'updated'].includes(text(message.action) ?? '')) {
    return { format: 'github', pushes: [] };
  }
  const named = splitName(text(version.package_url)?.replace(/:$/, ''));
  const owner = text(found.namespace) ?? text(objectOf(found.owner)?.login);
  const name = text(found.name);
  const repository = named?.repository ?? (owner && name ? `${owner}/${name}` : undefined);
  if (!repository) return { format: 'github', pushes: [] };
  const tag = text(objectOf(objectOf(version.container_metadata)?.tag)?.name) ?? named?.tag;
  return {
    format: 'github',
    pushes: [
      {
        registry: named?.registry ?? 'ghcr.io',
        // names of packages keep their case, names of images have none
        repository: repository.toLowerCase(),
        ...(tag ? { tag } : {}),
      },
    ],
  };
};
