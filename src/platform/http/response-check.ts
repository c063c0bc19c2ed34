import type { Operation } from '#contract/operation.ts';
import { describeIssues } from './validation.ts';

/** A handler returned a body that its operation does not promise. A bug: answered as 500, shown in full in the log. */
export class ContractBreak extends Error {
  override readonly name = 'ContractBreak';
}

/** Checks JSON bodies as a client would read them: `undefined` fields are gone, `NaN` is null. Null without a schema. */
export function responseChecker(operation: Operation): (status: number, body: unknown) => void {
  const { success } = operation;
  const schema = success.raw ? undefined : success.schema;
  return (status, body) => {
    if (!schema || status >= 300) return;
    const wire: unknown = body === undefined ? undefined : JSON.parse(JSON.stringify(body));
    const result = schema.safeParse(wire, { reportInput: true });
    if (!result.success) throw new ContractBreak(`${operation.id}: ${describeIssues(result.error.issues, 'body')}`);
  };
}
