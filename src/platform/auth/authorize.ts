import type { Operation, Permission } from '#contract/operation.ts';
import { AppError, accountNotEnabled, accountNotFound, forbidden, permissionDenied } from '#shared/errors.ts';
import type { Db } from '../database/types.ts';
import type { Actor, AuthorizationScope } from '../http/types.ts';
import type { Identity } from './authenticate.ts';
import { domainsWith, type Grants, grantsAction } from './grants.ts';
import { accountState, findByUuid } from './identity-store.ts';
import { SYSTEM_DOMAIN } from './roles.ts';

/** Decides what callers may do. */
export interface Authorizer {
  /** Throws 403, or 404 for an unknown account that an administrator named, unless the caller may do this. */
  authorize(actor: Actor, operation: Operation, scope: AuthorizationScope): Promise<void>;
  /** Whether the caller has an action in a domain, for checks inside a handler. */
  permits(actor: Actor, domain: string, action: string): Promise<boolean>;
  /** Throws 403 unless `permits`. */
  require(actor: Actor, domain: string, action: string): Promise<void>;
  /** Domains in which the caller has an action; 'all' for administrators. */
  domains(actor: Actor, action: string): Promise<'all' | string[]>;
  /** Adds work for each request that was refused an account it named; the refusal is answered whatever becomes of it. */
  onRefused(hook: (refusal: Refusal) => Promise<void>): void;
}

/** A caller who may not do something in the account that the request names. */
export interface Refusal {
  username: string;
  account: string;
  action: string;
  message: string;
}

/** Operations closed to API keys: a key must not be able to make its holder more lasting credentials. */
export const CLOSED_TO_API_KEYS: ReadonlySet<string> = new Set([
  'create_api_key',
  'patch_api_key',
  'create_user_api_key',
  'patch_user_api_key',
  'add_credential',
  'create_user_credential',
  'delete_user_credential',
]);

/** Users of the admin account may do everything in every domain. */
export function isAdmin(actor: Actor): boolean {
  return actor.accountType === 'admin';
}

/** Creates the authorizer. */
export function createAuthorizer(options: { db: Db }): Authorizer {
  const { db } = options;

  async function grantsOf(actor: Actor): Promise<Grants> {
    if ('grants' in actor) return (actor as Identity).grants;
    return (await findByUuid(db, actor.userUuid))?.grants ?? {};
  }

  async function permits(actor: Actor, domain: string, action: string): Promise<boolean> {
    if (isAdmin(actor)) return true;
    return grantsAction(await grantsOf(actor), domain, action);
  }

  async function require(actor: Actor, domain: string, action: string): Promise<void> {
    if (!(await permits(actor, domain, action))) throw permissionDenied(domain, action);
  }

  /** The account in `x-anchore-account`: who holds no role there learns nothing, not even whether it exists. */
  async function enterAccount(actor: Actor, account: string, permission: Permission): Promise<void> {
    if (account === actor.account) return;
    const state = await accountState(db, account);
    if (isAdmin(actor)) {
      if (state === undefined) throw accountNotFound(account);
      return;
    }
    const held = Object.hasOwn(await grantsOf(actor), account);
    if (!held || state === undefined) {
      throw permissionDenied(account, typeof permission === 'object' ? permission.action : '*');
    }
    if (state !== 'enabled') throw accountNotEnabled(account);
  }

  async function checkAction(
    actor: Actor,
    permission: Exclude<Permission, string>,
    scope: AuthorizationScope,
  ): Promise<void> {
    // The domain stands in the body or the query: the handler checks it.
    if (permission.domain === 'request') return;
    const domain = domainOf(permission, scope);
    await require(actor, domain, permission.action);
    const foreign = permission.domain === 'path' && domain !== actor.account && !isAdmin(actor);
    if (foreign && (await accountState(db, domain)) !== 'enabled') throw accountNotEnabled(domain);
  }

  const hooks: ((refusal: Refusal) => Promise<void>)[] = [];

  async function check(actor: Actor, operation: Operation, scope: AuthorizationScope): Promise<void> {
    const { permission } = operation;
    if (permission === 'anonymous') return;
    if (scope.named) await enterAccount(actor, scope.account, permission);
    if (actor.credential === 'api_key' && CLOSED_TO_API_KEYS.has(operation.id))
      throw closedToApiKeys(permission, scope);
    if (permission === 'admin' && !isAdmin(actor)) throw permissionDenied(SYSTEM_DOMAIN, '*');
    if (typeof permission === 'object') await checkAction(actor, permission, scope);
  }

  return {
    async authorize(actor, operation, scope) {
      try {
        await check(actor, operation, scope);
      } catch (error) {
        const { permission } = operation;
        if (scope.named && typeof permission === 'object' && error instanceof AppError && error.httpStatus === 403) {
          const { username } = actor;
          const refusal = { username, account: scope.account, action: permission.action, message: error.message };
          for (const hook of hooks) await hook(refusal);
        }
        throw error;
      }
    },
    onRefused: (hook) => void hooks.push(hook),
    permits,
    require,
    async domains(actor, action) {
      return isAdmin(actor) ? 'all' : domainsWith(await grantsOf(actor), action);
    },
  };
}

function domainOf(permission: Exclude<Permission, string>, scope: AuthorizationScope): string {
  if (permission.domain === 'system') return SYSTEM_DOMAIN;
  if (permission.domain === 'path') return scope.params.account_name ?? scope.account;
  return scope.account;
}

function closedToApiKeys(permission: Permission, scope: AuthorizationScope): Error {
  const denied = typeof permission === 'object' ? permission : undefined;
  const domain = denied ? domainOf(denied, scope) : scope.account;
  const { message } = permissionDenied(domain, denied?.action ?? '*');
  return forbidden(`${message}. This operation is closed to API keys.`);
}
