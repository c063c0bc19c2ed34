import { z } from 'zod';
import { timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** A subscription with what the watchers know about it. */
export const SubscriptionWatch = z
  .object({
    subscription_id: z.string(),
    subscription_type: z.string(),
    subscription_key: z.string(),
    active: z.boolean(),
    /**
     * `off`: not active. `on`: nothing is asked of a registry for it. `waiting`: not looked at yet. `watching`: the last
     * look went well. `failing`: it did not. `paused`: its registry is left alone for a while. `invalid`: the key names
     * nothing that can be watched.
     */
    state: z.enum(['off', 'on', 'waiting', 'watching', 'failing', 'paused', 'invalid']),
    /** The account has an image of this tag or repository. */
    known: z.boolean(),
    /** What a watched tag stood for at the last look: a manifest, or an index of several. */
    seen_digest: z.string().nullable(),
    checked_at: timestamp.nullable(),
    changed_at: timestamp.nullable(),
    next_check_at: timestamp.nullable(),
    /** In a row. */
    failures: z.int(),
    error: z.string().nullable(),
  })
  .meta({ id: 'SubscriptionWatch' });
export type SubscriptionWatch = z.output<typeof SubscriptionWatch>;

/** An address at which registries may tell of pushes. */
export const RegistryHook = z
  .object({
    hook_id: z.guid(),
    name: z.string(),
    /** Events count as events of this registry, whatever name it gives to itself. */
    registry: z.string().nullable(),
    active: z.boolean(),
    created_by: z.string().nullable(),
    created_at: timestamp,
    last_updated: timestamp,
    last_used_at: timestamp.nullable(),
    /** Requests that were understood. */
    received: z.int(),
    /** Requests that were not; the reason for the last one is in `last_refusal`. */
    refused: z.int(),
    last_refusal: z.string().nullable(),
  })
  .meta({ id: 'RegistryHook' });
export type RegistryHook = z.output<typeof RegistryHook>;

const name = z.string().trim().min(1).max(200);
const registry = z
  .string()
  .regex(/^[A-Za-z0-9.\-_:[\]]{1,255}$/, 'expected a host, with a port when it has one')
  .nullable();

const RegistryHookRequest = z.strictObject({ name, registry: registry.optional() }).meta({ id: 'RegistryHookRequest' });
const RegistryHookUpdate = z
  .strictObject({ name: name.optional(), registry: registry.optional(), active: z.boolean().optional() })
  .meta({ id: 'RegistryHookUpdate' });

/** A new hook with its secret, which is shown this once. */
export const NewRegistryHook = RegistryHook.extend({
  token: z.string(),
  /** Path at this server to which the registry sends its events. */
  events_path: z.string(),
}).meta({ id: 'NewRegistryHook' });

/** What came of a registry's events. */
export const RegistryEventReceipt = z
  .object({
    /** Who was recognised by the form of the body. */
    format: z.string(),
    /** Pushes in it. */
    pushes: z.int(),
    /** Watched names of the account that are looked at because of it. */
    tags: z.int(),
    repositories: z.int(),
    /** Answers a registry that wants to see first whether anybody listens. */
    validationResponse: z.string().optional(),
  })
  .meta({ id: 'RegistryEventReceipt' });

const params = z.object({ hook_id: z.string() });

/** Operations of the watchers. */
export const windlassWatchingOperations = {
  /** What is watched, and how that goes. */
  list_watches: defineOperation({
    id: 'list_watches',
    method: 'GET',
    path: '/windlass/watches',
    tag: 'Windlass',
    summary: 'List subscriptions with the state of their watches',
    permission: { action: 'listSubscriptions', domain: 'account' },
    query: z.object({ subscription_type: z.string().optional(), state: SubscriptionWatch.shape.state.optional() }),
    success: { status: 200, schema: z.object({ items: z.array(SubscriptionWatch) }) },
    errors: [403, 500],
  }),
  /** Look at a watched name now. */
  check_watch: defineOperation({
    id: 'check_watch',
    method: 'POST',
    path: '/windlass/watches/{subscription_id}/check',
    tag: 'Windlass',
    summary: 'Look at a watched tag or repository now',
    permission: { action: 'updateSubscription', domain: 'account' },
    params: z.object({ subscription_id: z.string() }),
    success: { status: 202, schema: null },
    errors: [400, 403, 404, 500],
  }),
  /** Hooks of the account. */
  list_registry_hooks: defineOperation({
    id: 'list_registry_hooks',
    method: 'GET',
    path: '/windlass/registry-hooks',
    tag: 'Windlass',
    summary: 'List hooks by which registries tell of pushes',
    permission: { action: 'listSubscriptions', domain: 'account' },
    success: { status: 200, schema: z.object({ items: z.array(RegistryHook) }) },
    errors: [403, 500],
  }),
  /** Make a hook. */
  create_registry_hook: defineOperation({
    id: 'create_registry_hook',
    method: 'POST',
    path: '/windlass/registry-hooks',
    tag: 'Windlass',
    summary: 'Make a hook by which a registry tells of pushes',
    permission: { action: 'createSubscription', domain: 'account' },
    body: RegistryHookRequest,
    success: { status: 201, schema: NewRegistryHook },
    errors: [400, 403, 415, 500],
  }),
  /** One hook. */
  get_registry_hook: defineOperation({
    id: 'get_registry_hook',
    method: 'GET',
    path: '/windlass/registry-hooks/{hook_id}',
    tag: 'Windlass',
    summary: 'Read a registry hook',
    permission: { action: 'getSubscription', domain: 'account' },
    params,
    success: { status: 200, schema: RegistryHook },
    errors: [403, 404, 500],
  }),
  /** Change a hook. */
  update_registry_hook: defineOperation({
    id: 'update_registry_hook',
    method: 'PATCH',
    path: '/windlass/registry-hooks/{hook_id}',
    tag: 'Windlass',
    summary: 'Change a registry hook',
    permission: { action: 'updateSubscription', domain: 'account' },
    params,
    body: RegistryHookUpdate,
    success: { status: 200, schema: RegistryHook },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Remove a hook: its token is worth nothing from then on. */
  delete_registry_hook: defineOperation({
    id: 'delete_registry_hook',
    method: 'DELETE',
    path: '/windlass/registry-hooks/{hook_id}',
    tag: 'Windlass',
    summary: 'Remove a registry hook',
    permission: { action: 'deleteSubscription', domain: 'account' },
    params,
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
  /** What a registry sends. The token in the path is the credential. */
  receive_registry_events: defineOperation({
    id: 'receive_registry_events',
    method: 'POST',
    path: '/windlass/registry-hooks/{token}/events',
    tag: 'Windlass',
    summary: 'Take events of a registry',
    permission: 'anonymous',
    params: z.object({ token: z.string() }),
    // Registries have content types of their own for what is always JSON.
    raw: { contentTypes: ['*/*'] },
    maxBodyBytes: 1024 * 1024,
    success: { status: 200, schema: RegistryEventReceipt },
    errors: [400, 404, 500],
  }),
};
