import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A container as ECS describes it. */
export interface EcsContainer {
  containerArn: string;
  name: string;
  image: string;
  imageDigest?: string;
}

/** A task as ECS describes it. */
export interface EcsTask {
  taskArn: string;
  taskDefinitionArn?: string;
  group?: string;
  tags?: { key: string; value: string }[];
  containers: EcsContainer[];
}

/** One cluster of the stand-in. */
export interface EcsContents {
  tasks: EcsTask[];
  services: { serviceArn: string; serviceName: string; tags?: { key: string; value: string }[] }[];
}

/** A stand-in for the ECS API: JSON 1.1, signed requests, pages, limits of the describing calls. */
export interface FakeEcs {
  url: string;
  clusters: Map<string, EcsContents>;
  /** Operation of each request, in order. */
  calls: string[];
  /** Operations that are denied. */
  denied: Set<string>;
  /** Lists never end. */
  endless: boolean;
  close(): Promise<void>;
}

const PAGE = 3;

/** Starts the server with pages of three entries. */
export async function startEcs(): Promise<FakeEcs> {
  const fake: Omit<FakeEcs, 'url' | 'close'> = { clusters: new Map(), calls: [], denied: new Set(), endless: false };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    };
    const operation = /^AmazonEC2ContainerServiceV20141113\.(\w+)$/.exec(String(request.headers['x-amz-target']))?.[1];
    const signed =
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/[a-z0-9-]+\/ecs\/aws4_request, SignedHeaders=.*, Signature=[0-9a-f]{64}$/;
    if (!operation) return send(400, { __type: 'UnknownOperationException' });
    fake.calls.push(operation);
    if (!signed.test(request.headers.authorization ?? '') || fake.denied.has(operation)) {
      return send(400, { __type: 'AccessDeniedException', message: `not authorized to perform: ecs:${operation}` });
    }
    const input = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Record<string, unknown>;
    const contents = fake.clusters.get(String(input.cluster)) ?? { tasks: [], services: [] };
    const page = (all: string[], key: string) => {
      const from = Number(input.nextToken ?? 0);
      const next = fake.endless ? from + 1 : from + PAGE < all.length ? from + PAGE : undefined;
      send(200, { [key]: all.slice(from, from + PAGE), ...(next === undefined ? {} : { nextToken: String(next) }) });
    };
    const pick = <T>(wanted: unknown, limit: number, all: T[], arn: (one: T) => string, key: string) => {
      const arns = wanted as string[];
      if (arns.length === 0 || arns.length > limit) return send(400, { __type: 'InvalidParameterException' });
      const plain = (one: T) =>
        (input.include as string[] | undefined)?.includes('TAGS') ? one : { ...one, tags: undefined };
      send(200, { [key]: all.filter((one) => arns.includes(arn(one))).map(plain), failures: [] });
    };
    switch (operation) {
      case 'ListClusters':
        return page([...fake.clusters.keys()], 'clusterArns');
      case 'ListTasks':
        return page(
          contents.tasks.map((one) => one.taskArn),
          'taskArns',
        );
      case 'ListServices':
        return page(
          contents.services.map((one) => one.serviceArn),
          'serviceArns',
        );
      case 'DescribeTasks':
        return pick(input.tasks, 100, contents.tasks, (one) => one.taskArn, 'tasks');
      case 'DescribeServices':
        return pick(input.services, 10, contents.services, (one) => one.serviceArn, 'services');
      default:
        return send(400, { __type: 'UnknownOperationException' });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(fake, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
