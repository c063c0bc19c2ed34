import type { BoundOperation, HandlerInput, Handlers, OperationTable } from './types.ts';

/** Joins a table of operations with its handlers. The record is total: an operation without a handler does not compile. */
export function bindOperations<T extends OperationTable>(operations: T, handlers: Handlers<T>): BoundOperation[] {
  return Object.keys(operations).map((name) => {
    const operation = operations[name] as T[string];
    const handle = handlers[name] as unknown as BoundOperation['handle'];
    if (typeof handle !== 'function') throw new Error(`operation ${operation.id} has no handler`);
    return { operation, handle: (input: HandlerInput<never>) => handle(input) };
  });
}
