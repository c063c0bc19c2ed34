import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, clientFor } from '../api/client.ts';
import { ADMIN_PASSWORD } from '../api/identity-app.ts';
import { type ApiDocument, type DocumentedOperation, readDocument } from './document.ts';
import { EXAMPLES, type Scene } from './examples/index.ts';
import { type FurnishedTenants, startFurnishedTenants } from './furnished-tenants.ts';
import { complaintAbout } from './fuzz-run.ts';
import { type FuzzRequest, plainRequest, type Words } from './requests.ts';

/**
 * Deletions that succeed again: what they delete goes later, leaves a record, or is a set that may be empty. What is
 * cancelled cannot be cancelled again. All others answer 404.
 */
const DELETED_AGAIN: Readonly<Record<string, number>> = {
  delete_artifact_lifecycle_policy: 204,
  delete_kubernetes_namespaces: 204,
  invalidate_operation: 409,
  invalidate_sources_operation: 409,
  delete_account: 204,
  delete_artifact_relationships: 200,
  delete_configuration: 204,
  delete_events: 200,
  delete_image: 200,
  delete_images_async: 200,
  delete_source: 204,
};
/** What a second, equal POST is answered with where a name may stand only once. */
const TAKEN: Readonly<Record<string, number>> = {
  create_account: 409,
  create_user: 400,
  create_api_key: 400,
  create_user_api_key: 400,
  create_user_group: 409,
  create_artifact_lifecycle_policy: 400,
  add_application: 409,
  add_application_version: 409,
  add_policy: 409,
  add_subscription: 409,
  create_registry: 409,
  create_private_advisory: 409,
  add_idp: 409,
};
/** They use up what they name, or work on what the whole test stands on. */
const LEFT_OUT = /oidc|webhook$|rollback_feed|post_system_feeds|saml/;

let tenants: FurnishedTenants;
let scene: Scene;
let document: ApiDocument;
/** Two clients of the same caller. */
let clients: [Client, Client];

beforeAll(async () => {
  tenants = await startFurnishedTenants();
  scene = tenants.adminScene;
  document = await readDocument(tenants.app.server);
  clients = [scene.client, clientFor(tenants.app.server, { basic: ['admin', ADMIN_PASSWORD] })];
}, 200_000);
afterAll(() => tenants?.close());

const words: Words = (name, under) =>
  under === undefined ? scene.things.called(name) : scene.things.following(under, name);

/** Operations of a method with an example of a request that succeeds. */
function operationsOf(...methods: string[]): DocumentedOperation[] {
  return document.operations.filter(({ id, method }) => methods.includes(method) && EXAMPLES[id] && !LEFT_OUT.test(id));
}

async function requestOf(operation: DocumentedOperation): Promise<FuzzRequest> {
  return plainRequest(operation, document, words, (await EXAMPLES[operation.id]?.(scene)) ?? {}, 1);
}

function send(client: Client, { method, url, headers, payload }: FuzzRequest): Promise<LightMyRequestResponse> {
  return client.request(method, url, { headers, ...(payload === undefined ? {} : { body: payload }) });
}

/** An answer without what differs from call to call. */
function lasting({ statusCode, body }: LightMyRequestResponse): string {
  return `${statusCode} ${body.replace(/"\d{4}-\d\d-\d\dT[^"]*"/g, '"time"').replace(/"version":\d+/g, '"version"')}`;
}

const numberOf = (answers: readonly LightMyRequestResponse[], test: (status: number) => boolean) =>
  answers.filter(({ statusCode }) => test(statusCode)).length;

/** Sends a request four times at once, from two clients, and then once more. */
async function repeat(operation: DocumentedOperation) {
  const request = await requestOf(operation);
  const answers = await Promise.all([...clients, ...clients].map((client) => send(client, request)));
  const again = await send(clients[0], request);
  const wrong = [...answers, again].flatMap((answer) => complaintAbout(answer, operation.path) ?? []);
  const first = answers.find(({ statusCode }) => statusCode < 300);
  if (!first) wrong.push(`never succeeds: ${answers[0]?.statusCode} ${answers[0]?.body.slice(0, 300)}`);
  return { answers, again, first, wrong };
}

describe('a request that is sent at once by two clients, and again', () => {
  it.each(['PUT', 'PATCH'])(
    'of method %s leads to one state, and says the same each time',
    async (method) => {
      const found: string[] = [];
      for (const operation of operationsOf(method)) {
        const { again, first, wrong } = await repeat(operation);
        if (first && lasting(first) !== lasting(again)) wrong.push(`${lasting(first)} and then ${lasting(again)}`);
        found.push(...wrong.map((text) => `${operation.id}: ${text}`));
      }
      expect(found).toEqual([]);
    },
    200_000,
  );

  it('finds nothing to delete the second time, or is content', async () => {
    const found: string[] = [];
    for (const operation of operationsOf('DELETE')) {
      const { again, wrong } = await repeat(operation);
      const expected = DELETED_AGAIN[operation.id] ?? 404;
      if (again.statusCode !== expected) wrong.push(`${expected} expected, ${again.statusCode} ${again.body}`);
      found.push(...wrong.map((text) => `${operation.id}: ${text}`));
    }
    expect(found).toEqual([]);
  }, 200_000);

  it('creates one thing of a name', async () => {
    const found: string[] = [];
    for (const operation of operationsOf('POST')) {
      const { answers, again, wrong } = await repeat(operation);
      const taken = TAKEN[operation.id];
      if (taken) {
        const made = numberOf(answers, (status) => status < 300);
        const refused = numberOf([...answers, again], (status) => status === taken);
        if (made !== 1 || refused !== answers.length)
          wrong.push(`${answers.map(({ statusCode }) => statusCode)} and then ${again.statusCode}: ${again.body}`);
      }
      found.push(...wrong.map((text) => `${operation.id}: ${text}`));
    }
    expect(found).toEqual([]);
  }, 200_000);
});
