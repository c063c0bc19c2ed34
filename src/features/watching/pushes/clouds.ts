import { objectOf, objectsOf } from '#shared/json-object.ts';
import { pushedName } from './distribution.ts';
import { splitName, text } from './members.ts';
import type { PushReader, ReadPush } from './read-push.ts';

/**
 * Registries of clouds: Azure (webhook of the registry, and Event Grid), Amazon ECR (EventBridge), Google Artifact
 * Registry (a Pub/Sub push).
 */
export const readCloudPush: PushReader = (body) => readAzure(body) ?? readAmazon(body) ?? readGoogle(body);

function readAzure(body: unknown): ReadPush | undefined {
  const single = objectOf(body);
  if (single && objectOf(single.target) && text(single.action)) {
    return { format: 'azure', pushes: [pushedName(single) ?? []].flat() };
  }
  const list = objectsOf(body);
  if (list.length === 0 || !list.every((event) => text(event.eventType) && objectOf(event.data))) return undefined;
  const validation = text(objectOf(list[0]?.data)?.validationCode);
  return {
    format: 'azure-event-grid',
    pushes: list
      .filter((event) => event.eventType === 'Microsoft.ContainerRegistry.ImagePushed')
      .flatMap((event) => pushedName(objectOf(event.data) ?? {}) ?? []),
    ...(validation ? { validation } : {}),
  };
}

function readAmazon(body: unknown): ReadPush | undefined {
  const message = objectOf(body);
  const detail = objectOf(message?.detail);
  if (message?.source !== 'aws.ecr' || !detail) return undefined;
  const account = text(message.account);
  const region = text(message.region);
  const repository = text(detail['repository-name']);
  const pushed = detail['action-type'] === 'PUSH' && detail.result === 'SUCCESS';
  if (!pushed || !account || !region || !repository) return { format: 'amazon', pushes: [] };
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const tag = text(detail['image-tag']);
  return {
    format: 'amazon',
    pushes: [{ registry: `${account}.dkr.ecr.${region}.${suffix}`, repository, ...(tag ? { tag } : {}) }],
  };
}

function readGoogle(body: unknown): ReadPush | undefined {
  const data = objectOf(objectOf(body)?.message)?.data;
  if (typeof data !== 'string') return undefined;
  let inner: Record<string, unknown> | undefined;
  try {
    inner = objectOf(JSON.parse(Buffer.from(data, 'base64').toString('utf8')));
  } catch {
    return undefined;
  }
  if (!inner || text(inner.action) === undefined) return undefined;
  const name = inner.action === 'INSERT' ? splitName(text(inner.tag) ?? text(inner.digest)) : undefined;
  return { format: 'google', pushes: name ? [name] : [] };
}
