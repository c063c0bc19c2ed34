import type { V1Operation } from '../../src/contract/v1/operation.ts';
import type { Application } from '../api/application.ts';
import { authorization, type Credentials } from '../api/client.ts';
import { ADMIN_PASSWORD } from '../api/identity-app.ts';
import type { multipart } from '../api/multipart.ts';
import { referenceDocument, shapeProblems } from './v1-shapes.ts';

/** The published document, when it is at hand. */
export const document = referenceDocument();
export const ADMIN: Credentials = { basic: ['admin', ADMIN_PASSWORD] };
/** Served for agents of the time between the generations, or by servers of their own; the document has them elsewhere. */
const UNPUBLISHED = /^\/(enterprise\/(kubernetes|ecs)-inventory|rbac-manager\/|notifications\/)/;

// biome-ignore lint/suspicious/noExplicitAny: tests read answers freely
export type Answer = { status: number; body: any; text: string };

/** A client of the first generation that keeps what it saw. */
export interface V1Client {
  call(method: string, path: string, body?: unknown, who?: Credentials): Promise<Answer>;
  /** Ids of the operations that answered with success. */
  called: Set<string>;
  /** Differences of answers from the published document. */
  misshapen: string[];
}

/** Calls an application that `app` gives, once it runs; `operations` are told apart in `called`. */
export function v1Client(app: () => Application, operations: readonly V1Operation[]): V1Client {
  const called = new Set<string>();
  const misshapen: string[] = [];
  async function call(method: string, path: string, body?: unknown, who: Credentials = ADMIN): Promise<Answer> {
    const response = await app().server.inject({
      method: method as 'GET',
      url: path.startsWith('/v2') || path === '/swagger.json' ? path : `/v1${path}`,
      // old clients name a type on every request, with or without a body
      headers: { ...authorization(who), 'content-type': 'application/json', ...(isForm(body) ? body.headers : {}) },
      ...(body === undefined ? {} : { payload: isForm(body) ? body.body : JSON.stringify(body) }),
    });
    const text = response.body;
    const answer = {
      status: response.statusCode,
      text,
      body: response.headers['content-type']?.toString().includes('json') ? response.json() : undefined,
    };
    const plain = path.split('?')[0]!;
    if (answer.status < 300) {
      for (const { operation } of operations)
        if (operation.method === method && matches(operation.path, plain)) called.add(operation.id);
      if (document && plain !== '/swagger.json' && !path.startsWith('/v2') && !UNPUBLISHED.test(plain)) {
        misshapen.push(
          ...shapeProblems(document, method, plain || '/', answer.status, answer.body).map(
            (problem) => `${method} ${plain}: ${problem}`,
          ),
        );
      }
    }
    return answer;
  }
  return { call, called, misshapen };
}

function isForm(body: unknown): body is ReturnType<typeof multipart> {
  return typeof body === 'object' && body !== null && 'body' in body && Buffer.isBuffer(body.body);
}

function matches(template: string, path: string): boolean {
  return new RegExp(`^${template.replace(/\{registry\}/, '.+').replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
}
