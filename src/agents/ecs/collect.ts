import type { Service, Task } from '@aws-sdk/client-ecs';
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  type ECSClient,
  paginateListClusters,
  paginateListServices,
  paginateListTasks,
} from '@aws-sdk/client-ecs';

/** What runs in one cluster. */
export interface EcsCluster {
  arn: string;
  services: Service[];
  tasks: Task[];
}

/** What the API takes at a time. */
const TASKS_AT_ONCE = 100;
const SERVICES_AT_ONCE = 10;
/** A list with more pages is given up: 100 entries a page. */
const MAX_PAGES = 500;

/** ARNs of the clusters of a region; with names or ARNs given, only these. */
export async function listClusters(
  client: ECSClient,
  wanted: readonly string[],
  signal?: AbortSignal,
): Promise<string[]> {
  const arns = await allPages(paginateListClusters({ client }, {}), (page) => page.clusterArns, signal);
  if (wanted.length === 0) return arns;
  const names = new Set(wanted);
  return arns.filter((arn) => names.has(arn) || names.has(arn.slice(arn.lastIndexOf('/') + 1)));
}

/** Services and tasks of a cluster, every page, with their tags when wanted. */
export async function readCluster(
  client: ECSClient,
  arn: string,
  { tags, signal }: { tags: boolean; signal?: AbortSignal },
): Promise<EcsCluster> {
  // a paginator writes its token into the input it is given: each gets its own
  const input = { cluster: arn };
  const include: { include?: ['TAGS'] } = tags ? { include: ['TAGS'] } : {};
  const abort = signal ? { abortSignal: signal } : {};
  const taskArns = await allPages(paginateListTasks({ client }, { ...input }), (page) => page.taskArns, signal);
  const tasks: Task[] = [];
  for (const some of groups(taskArns, TASKS_AT_ONCE)) {
    const answer = await client.send(new DescribeTasksCommand({ ...input, ...include, tasks: some }), abort);
    // tasks that ended between the two calls are named in `failures`
    tasks.push(...(answer.tasks ?? []));
  }
  const serviceArns = await allPages(
    paginateListServices({ client }, { ...input }),
    (page) => page.serviceArns,
    signal,
  );
  const services: Service[] = [];
  for (const some of groups(serviceArns, SERVICES_AT_ONCE)) {
    const answer = await client.send(new DescribeServicesCommand({ ...input, ...include, services: some }), abort);
    services.push(...(answer.services ?? []));
  }
  return { arn, services, tasks };
}

async function allPages<P>(
  pages: AsyncIterable<P>,
  items: (page: P) => string[] | undefined,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const found = new Set<string>();
  let count = 0;
  for await (const page of pages) {
    signal?.throwIfAborted();
    for (const item of items(page) ?? []) found.add(item);
    count += 1;
    if (count >= MAX_PAGES) throw new Error(`ECS does not stop paging (page ${count})`);
  }
  return [...found];
}

function groups(items: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
