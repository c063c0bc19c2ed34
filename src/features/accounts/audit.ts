import type { BoundOperation, HandlerInput } from '#platform/http/index.ts';

/**
 * Notes who changed what about identities: one log line with `audit: true` for every call that is not a read, whether
 * it succeeded or not. Bodies are left out, they hold passwords.
 */
export function audited(operations: BoundOperation[]): BoundOperation[] {
  return operations.map((bound) => (bound.operation.method === 'GET' ? bound : auditOne(bound)));
}

function auditOne({ operation, handle }: BoundOperation): BoundOperation {
  return {
    operation,
    async handle(input: HandlerInput<never>) {
      const { actor, account, params, remoteAddress, log } = input as unknown as HandlerInput;
      const caller = actor as HandlerInput['actor'] | undefined;
      const entry = {
        audit: true,
        operation: operation.id,
        ...(caller ? { username: caller.username, user_account: caller.account, credential: caller.credential } : {}),
        account,
        params,
        address: remoteAddress,
      };
      try {
        const result = await handle(input);
        log.info({ ...entry, outcome: 'success' }, 'audit');
        return result;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        log.info({ ...entry, outcome: 'failure', reason }, 'audit');
        throw error;
      }
    },
  };
}
