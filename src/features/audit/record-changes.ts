import type { BoundOperation, HandlerInput } from '#platform/http/index.ts';
import { AppError } from '#shared/errors.ts';
import { notedChanges } from './noted-changes.ts';
import type { NewEntry } from './store.ts';

/** What changes nothing, and what has a secret in its path. */
const UNRECORDED = new Set([
  'stateless_scan',
  'vulnerability_scan_sbom',
  'receive_registry_events',
  // sign-ins, which write an entry of their own with the name of who signed in
  'saml_sso',
  'v1_saml_sso',
  'consume_saml_response',
  'consume_saml_response_there',
  // sign-outs that a provider asks for, likewise
  'take_saml_logout_form',
  'take_oidc_logout',
]);

/** What machines send all the time: an entry for each success would bury the others. */
const ONLY_FAILURES = new Set([
  'post_kubernetes_inventory',
  'post_ecs_inventory',
  'handle_health_report',
  'get_oauth_token',
]);

/** What may be a question or a change: only the changes are recorded that the handler notes, each by itself. */
const AS_NOTED = new Set(['run_report', 'run_global_report', 'v1_run_report']);

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
      const asNoted = AS_NOTED.has(operation.id);
      try {
        const result = await handle(given);
        for (const { params, failure } of notedChanges(given)) {
          const outcome = failure ? 'failure' : 'success';
          const { status, reason } = failure ?? { status: operation.success.status, reason: null };
          await write({ ...entry, params: { ...entry.params, ...params }, outcome, status, reason }, input.log);
        }
        if (!asNoted && !ONLY_FAILURES.has(operation.id)) {
          await write({ ...entry, outcome: 'success', status: operation.success.status, reason: null }, input.log);
        }
        return result;
      } catch (error) {
        const status = error instanceof AppError ? error.httpStatus : 500;
        const reason = error instanceof Error ? error.message : String(error);
        const params = asNoted ? notedChanges(given).map((change) => change.params) : [{}];
        for (const more of params)
          await write(
            { ...entry, params: { ...entry.params, ...more }, outcome: 'failure', status, reason },
            input.log,
          );
        throw error;
      }
    },
  };
}
