import type { BoundOperation, HandlerInput } from '#platform/http/index.ts';
import { AppError } from '#shared/errors.ts';
import type { NewEntry } from './store.ts';

/** What changes nothing, and what has a secret in its path. */
const UNRECORDED = new Set([
  'stateless_scan',
  'vulnerability_scan_sbom',
  'receive_registry_events',
  // sign-ins, which write an entry of their own with the name of who signed in
  'saml_sso',
  'consume_saml_response',
]);

/** What machines send all the time: an entry for each success would bury the others. */
const ONLY_FAILURES = new Set([
  'post_kubernetes_inventory',
  'post_ecs_inventory',
  'handle_health_report',
  'get_oauth_token',
  'run_report',
  'run_global_report',
]);

/**
 * Records every call that is not a read, whether it succeeded or not: who, what, where to, from where and how it ended.
 * Bodies are left out, they hold secrets.
 */
export function recordChanges(
  operations: BoundOperation[],
  write: (entry: NewEntry, log: HandlerInput['log']) => Promise<void>,
): BoundOperation[] {
  return operations.map((bound) =>
    bound.operation.method === 'GET' || UNRECORDED.has(bound.operation.id) ? bound : recorded(bound, write),
  );
}

function recorded(
  bound: BoundOperation,
  write: (entry: NewEntry, log: HandlerInput['log']) => Promise<void>,
): BoundOperation {
  const { operation, handle } = bound;
  return {
    ...bound,
    async handle(given: HandlerInput<never>) {
      const input = given as unknown as HandlerInput;
      const actor = input.actor as HandlerInput['actor'] | undefined;
      const entry = {
        account: input.account,
        username: actor?.username ?? null,
        user_account: actor?.account ?? null,
        credential: actor?.credential ?? null,
        operation: operation.id,
        method: operation.method,
        params: { ...input.params, ...(Object.keys(input.query).length > 0 ? { query: input.query } : {}) },
        address: input.remoteAddress,
        request_id: input.requestId,
      };
      try {
        const result = await handle(given);
        if (!ONLY_FAILURES.has(operation.id)) {
          await write({ ...entry, outcome: 'success', status: operation.success.status, reason: null }, input.log);
        }
        return result;
      } catch (error) {
        const status = error instanceof AppError ? error.httpStatus : 500;
        const reason = error instanceof Error ? error.message : String(error);
        await write({ ...entry, outcome: 'failure', status, reason }, input.log);
        throw error;
      }
    },
  };
}
