import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { z } from 'zod';
import { ECSInventory } from '../../src/contract/ecs.ts';
import { HealthReport, IntegrationRegister } from '../../src/contract/integrations.ts';
import { KubernetesInventory } from '../../src/contract/kubernetes.ts';

/** What the published contract demands of a body. */
const BODIES: [RegExp, z.ZodType][] = [
  [/kubernetes-inventory$/, KubernetesInventory],
  [/ecs-inventory$/, ECSInventory],
  [/registration$/, IntegrationRegister],
  [/health-report$/, HealthReport],
];

/** A report as it arrived. */
export interface ReceivedReport {
  path: string;
  account: string | undefined;
  user: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies freely
  body: any;
}

/** A stand-in for servers of the inventory API, of either generation. */
export interface FakeReportServer {
  url: string;
  /** What `/version` says; undefined answers 404. */
  version: { service: { version: string }; api: { version?: string } } | undefined;
  /** Paths that exist. */
  paths: Set<string>;
  /** Status and body for a report; undefined accepts it. */
  refuse:
    | ((report: ReceivedReport) => { status: number; body?: string; headers?: Record<string, string> } | undefined)
    | undefined;
  /** Every report that came, refused ones too. */
  received: ReceivedReport[];
  /** Those that were accepted. */
  accepted: ReceivedReport[];
  /** Waits until the condition holds. */
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Starts the server; the second generation, unless changed. */
export async function startReportServer(): Promise<FakeReportServer> {
  const waiting = new Set<() => void>();
  const fake: FakeReportServer = {
    url: '',
    version: { service: { version: '5.20.0' }, api: { version: '2' } },
    paths: new Set([
      '/v2/kubernetes-inventory',
      '/v2/ecs-inventory',
      '/v2/system/integrations/registration',
      '/v2/system/integrations/5f0c3b7e-0000-4000-8000-000000000001/health-report',
    ]),
    refuse: undefined,
    received: [],
    accepted: [],
    async until(condition) {
      while (!condition()) await new Promise<void>((resolve) => waiting.add(resolve));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const server = createServer((request, response) => void handle(fake, request, response, waiting));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return fake;
}

async function handle(
  fake: FakeReportServer,
  request: IncomingMessage,
  response: ServerResponse,
  waiting: Set<() => void>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const path = request.url ?? '';
  const answer = (status: number, body = '', headers: Record<string, string> = {}) => {
    response.writeHead(status, { ...(body ? { 'content-type': 'application/json' } : {}), ...headers }).end(body);
    for (const wake of waiting) wake();
    waiting.clear();
  };
  if (path === '/version' && fake.version) return answer(200, JSON.stringify(fake.version));
  if (!fake.paths.has(path)) {
    const detail = 'The requested URL was not found on the server.';
    return answer(404, JSON.stringify({ type: 'about:blank', title: 'Not Found', detail, status: 404 }));
  }
  const [user = ''] = Buffer.from((request.headers.authorization ?? '').slice(6), 'base64')
    .toString()
    .split(':');
  const account = request.headers['x-anchore-account'];
  const report = {
    path,
    account: Array.isArray(account) ? account[0] : account,
    user,
    body: JSON.parse(Buffer.concat(chunks).toString('utf8')),
  };
  fake.received.push(report);
  const valid = BODIES.find(([pattern]) => pattern.test(path))?.[1].safeParse(report.body);
  if (valid?.success === false) return answer(400, JSON.stringify({ message: valid.error.message }));
  const refused = fake.refuse?.(report);
  if (refused) return answer(refused.status, refused.body, refused.headers);
  fake.accepted.push(report);
  if (path.endsWith('/registration'))
    return answer(201, JSON.stringify({ uuid: '5f0c3b7e-0000-4000-8000-000000000001' }));
  answer(path.includes('ecs') ? 204 : 201);
}
