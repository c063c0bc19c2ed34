import type { Tag, Task } from '@aws-sdk/client-ecs';
import type { ECSInventory } from '#contract/ecs.ts';
import type { EcsCluster } from './collect.ts';

/** Stands for what a report must name and nobody told. */
const UNKNOWN = 'UNKNOWN';

/** Report on a cluster. Containers without an ARN or image are not there yet and are left out. */
export function ecsReport({ arn, services, tasks }: EcsCluster, timestamp: string): ECSInventory {
  const serviceArns = new Map(services.map((service) => [service.serviceName ?? '', service.serviceArn ?? '']));
  const tagsByDigest = new Map<string, string>();
  for (const { image, imageDigest } of tasks.flatMap((task) => task.containers ?? [])) {
    if (image && imageDigest && !image.includes('@')) tagsByDigest.set(imageDigest, image);
  }
  return {
    cluster_arn: arn,
    timestamp,
    services: services
      .filter((service) => service.serviceArn)
      .map((service) => ({ arn: service.serviceArn!, tags: tagsOf(service.tags) })),
    tasks: tasks
      .filter((task) => task.taskArn)
      .map((task) => {
        const service = serviceOf(task, serviceArns);
        return {
          arn: task.taskArn!,
          ...(service ? { service_arn: service } : {}),
          task_definition_arn: task.taskDefinitionArn ?? UNKNOWN,
          tags: tagsOf(task.tags),
        };
      }),
    containers: tasks.flatMap((task) =>
      (task.containers ?? []).flatMap(({ containerArn, image, imageDigest }) => {
        if (!containerArn || !image) return [];
        return [
          {
            arn: containerArn,
            image_tag: tagOf(image, tagsByDigest),
            image_digest: imageDigest ?? digestIn(image),
            ...(task.taskArn ? { task_arn: task.taskArn } : {}),
          },
        ];
      }),
    ),
  };
}

/** A service starts its tasks with the group `service:<name>`. */
function serviceOf(task: Task, arns: ReadonlyMap<string, string>): string | undefined {
  const name = /^service:(.+)$/s.exec(task.group ?? '')?.[1];
  return name === undefined ? undefined : arns.get(name);
}

/** An image pinned to a digest takes the tag with which another container runs it. */
function tagOf(image: string, tagsByDigest: ReadonlyMap<string, string>): string {
  const [name = '', digest] = image.split('@');
  if (digest === undefined) return image;
  if (/:[^/:]+$/.test(name)) return name;
  return tagsByDigest.get(digest) ?? `${name}:${UNKNOWN}`;
}

function digestIn(image: string): string {
  return /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1] ?? '';
}

function tagsOf(tags: Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).flatMap(({ key, value }) => (key ? [[key, value ?? '']] : [])));
}
