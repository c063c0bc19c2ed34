import type { ECSInventory } from '#contract/ecs.ts';
import { badRequest } from '#shared/errors.ts';
import { hashOf, orderedJson } from './content-hash.ts';
import { digestIn } from './image-names.ts';
import { finish } from './read-kubernetes.ts';
import type { Report, ReportedContainer, ReportedContext, ReportedService, ReportedTask } from './report.ts';
import { ecsWorkload } from './workload.ts';

/**
 * Reads the report of an ECS agent. Its data may be partial: tasks without service, containers without task. A report
 * without anything in it comes from a probe, as agents do not report clusters that became empty: it has no context.
 */
export function readEcsReport(report: ECSInventory): Report {
  const cluster = report.cluster_arn.trim();
  if (cluster === '') throw badRequest('cluster_arn must not be empty');
  const context: ReportedContext = {
    source: 'agent',
    uid: '',
    name: '',
    context: cluster,
    labels: '{}',
    annotations: '{}',
    pods: [],
    services: [],
    tasks: [],
    containers: [],
    images: [],
    hash: '',
  };
  const services = new Map<string, ReportedService>();
  for (const { arn, tags } of report.services ?? []) {
    const text = orderedJson(tags);
    if (!services.has(arn)) services.set(arn, { arn, tags: text, hash: hashOf(text) });
  }
  const tasks = new Map<string, ReportedTask>();
  for (const { arn, tags, ...task } of report.tasks ?? []) {
    const text = orderedJson(tags);
    const service_arn = task.service_arn ?? '';
    const task_definition_arn = task.task_definition_arn ?? '';
    if (!tasks.has(arn))
      tasks.set(arn, {
        arn,
        service_arn,
        task_definition_arn,
        tags: text,
        hash: hashOf(service_arn, task_definition_arn, text),
      });
  }
  const containers = new Map<string, ReportedContainer>();
  for (const { arn, image_tag, image_digest, ...container } of report.containers ?? []) {
    const task_arn = container.task_arn ?? '';
    const key = `${task_arn}\n${arn}`;
    if (containers.has(key)) continue;
    containers.set(key, {
      owner: task_arn,
      container_id: arn,
      name: arn.split('/').at(-1) ?? arn,
      workload: ecsWorkload(tasks.get(task_arn) ?? {}),
      image_tag: image_tag.trim(),
      image_digest: digestIn(image_digest),
    });
  }
  context.services = [...services.values()];
  context.tasks = [...tasks.values()];
  context.containers = [...containers.values()];
  finish(context);
  const isEmpty = services.size + tasks.size + containers.size === 0;
  return {
    inventory_type: 'ecs',
    cluster,
    timestamp: new Date(report.timestamp),
    nodes: [],
    contexts: isEmpty ? [] : [context],
  };
}
