import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { ImageGateway } from '#features/images/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import { badRequest, notFound } from '#shared/errors.ts';
import {
  deleteHook,
  findHook,
  findHookByToken,
  type HookRow,
  insertHook,
  listHooks,
  noteHookUse,
  updateHook,
} from './hook-store.ts';
import { startWatcher } from './jobs.ts';
import { type ReadPush, readPush } from './pushes/read-push.ts';
import { type Push, requestLooks, type WatchKind } from './store.ts';

/** Pushes of one request that are looked at. */
const MAX_PUSHES = 1_000;
/** Begins every token, so that people and secret scanners know it. */
const PREFIX = 'wlh_';

export type HookService = ReturnType<typeof createHookService>;

/** Hooks by which registries tell of pushes: a path whose secret part is the credential. */
export function createHookService(deps: {
  database: Database;
  jobs: Jobs;
  parse: ImageGateway['parse'];
  /** Watchers that run on this installation. */
  kinds: readonly WatchKind[];
}) {
  const { database, jobs, parse } = deps;
  const { db } = database;

  async function get(account: string, hookId: string): Promise<HookRow> {
    const row = isUuid(hookId) ? await findHook(db, account, hookId) : undefined;
    if (!row) throw hookNotFound();
    return row;
  }

  return {
    get,
    list: (account: string) => listHooks(db, account),

    /** Makes a hook; its token is not kept and cannot be shown again. */
    async create(account: string, request: { name: string; registry?: string | null | undefined }, username: string) {
      const token = PREFIX + randomBytes(32).toString('base64url');
      const row = await insertHook(db, account, {
        hook_id: randomUUID(),
        name: request.name,
        registry: request.registry ?? null,
        token_hash: hashOf(token),
        created_by: username,
      });
      return { row, token };
    },

    async update(account: string, hookId: string, change: Parameters<typeof updateHook>[3]): Promise<HookRow> {
      const { hook_id } = await get(account, hookId);
      const row = await updateHook(db, account, hook_id, change);
      if (!row) throw hookNotFound();
      return row;
    },

    async remove(account: string, hookId: string): Promise<void> {
      if (!isUuid(hookId) || !(await deleteHook(db, account, hookId))) throw hookNotFound();
    },

    /** Takes what a registry sent. 404 for a token that is nobody's, 400 with the reason for a body that nobody sends. */
    async receive(token: string, headers: Parameters<typeof readPush>[1], read: () => Promise<Uint8Array>) {
      const hook = await findHookByToken(db, hashOf(token));
      if (!hook) throw hookNotFound();
      let message: ReadPush;
      let pushes: Push[];
      try {
        message = understand(await read(), headers);
        pushes = message.pushes.flatMap((push) => namesOf(push, hook, parse));
      } catch (error) {
        await noteHookUse(db, hook.account, hook.hook_id, (error as Error).message.slice(0, 500));
        throw error;
      }
      const found = await database.transaction(async (tx) => {
        const looks = await requestLooks(tx, hook.account, pushes);
        for (const kind of deps.kinds) if (looks[kind] > 0) await startWatcher(jobs, tx, kind);
        await noteHookUse(tx, hook.account, hook.hook_id);
        return looks;
      });
      return {
        format: message.format,
        pushes: message.pushes.length,
        tags: found.tag,
        repositories: found.repository,
        ...(message.validation === undefined ? {} : { validationResponse: message.validation }),
      };
    },
  };
}

function understand(bytes: Uint8Array, headers: Parameters<typeof readPush>[1]): ReadPush {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw badRequest('the body is not JSON: set the content type of the webhook to application/json');
  }
  const message = readPush(body, headers);
  if (!message) {
    throw badRequest(
      'the body is not an event of a registry that is known here: Docker Hub, Harbor, Quay, GitHub packages, distribution, Azure, Amazon ECR or Google Artifact Registry',
    );
  }
  if (message.pushes.length > MAX_PUSHES) {
    throw badRequest(`the body tells of ${message.pushes.length} pushes; at most ${MAX_PUSHES} are taken at once`);
  }
  return message;
}

/** A push under the names that subscriptions use. Docker Hub's official images are written with and without `library/`. */
function namesOf(push: ReadPush['pushes'][number], hook: HookRow, parse: ImageGateway['parse']): Push[] {
  const registry = hook.registry ?? push.registry;
  if (registry === undefined) {
    throw badRequest('the event does not say of which registry it is: give the hook a registry');
  }
  const parsed = parse(`${registry}/${push.repository}${push.tag === undefined ? '' : `:${push.tag}`}`);
  const found: Push = {
    registry: parsed.registry,
    repository: parsed.repository,
    ...(push.tag === undefined ? {} : { tag: push.tag }),
  };
  if (found.registry !== 'docker.io') return [found];
  const short = found.repository.replace(/^library\//, '');
  return short.includes('/')
    ? [found]
    : [
        { ...found, repository: short },
        { ...found, repository: `library/${short}` },
      ];
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
const hookNotFound = () => notFound('registry hook not found');
