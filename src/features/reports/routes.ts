import { getIntrospectionQuery } from 'graphql';
import { windlassReportsOperations } from '#contract/windlass-reports.ts';
import { type NotedChange, noteChanges } from '#features/audit/index.ts';
import { rawAnswer } from '#platform/http/answers.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { Actor, BoundOperation } from '#platform/http/types.ts';
import { AppError } from '#shared/errors.ts';
import type { ReportScope } from './execution/context.ts';
import type { ReportExecution, ReportResult } from './execution/execute.ts';
import type { MutationField } from './execution/mutation-fields.ts';
import { graphiqlPage } from './graphiql.ts';
import { type GraphqlDocument, readDocument, readParameters } from './read-document.ts';
import { reportSchemaText } from './schema/schema.ts';

export interface ReportRoutesDependencies {
  execution: ReportExecution;
  /** Browsers get a page to write queries. */
  graphiql: boolean;
  /** Throws AppError 403 unless the caller may manage scheduled queries of the account. */
  authorizeChange(actor: Actor, account: string): Promise<void>;
}

/** A request of either endpoint. */
interface Request {
  actor: Actor | undefined;
  scope: ReportScope;
  signal: AbortSignal;
}

/** Handlers of the GraphQL endpoints. */
export function reportRoutes({ execution, graphiql, authorizeChange }: ReportRoutesDependencies): BoundOperation[] {
  function execute(document: GraphqlDocument, request: Request, queriesOnly: boolean) {
    return execution.executeReport({
      ...document,
      scope: request.scope,
      signal: request.signal,
      queriesOnly,
      username: request.actor?.username,
    });
  }

  type Input = {
    actor: Actor;
    account: string;
    query: { query?: string | undefined; variables?: string | undefined; operationName?: string | undefined };
    headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly signal: AbortSignal;
  };

  async function read(input: Input, scope: ReportScope) {
    if (graphiql && wantsPage(input.headers.accept)) return graphiqlPage();
    const { actor, signal } = input;
    return answered(await execute(readParameters(input.query), { actor, scope, signal }, true));
  }

  async function post(input: Input & { stream: Parameters<typeof readDocument>[0] }, scope: ReportScope) {
    const { actor, signal } = input;
    const document = await readDocument(input.stream, input.query);
    const changes = execution.changes({ ...document, scope });
    if (changes.length > 0) {
      noteChanges(
        input,
        changes.map((change) => noted(change)),
      );
      if (scope !== 'global') await authorizeChange(actor, scope.account);
    }
    const result = await execute(document, { actor, scope, signal }, false);
    noteChanges(
      input,
      changes.map((change) => noted(change, result)),
    );
    return answered(result);
  }

  const handlers = bindOperations(windlassReportsOperations, {
    read_report: (input) => read(input, { account: input.account }),
    run_report: (input) => post(input, { account: input.account }),
    read_global_report: (input) => read(input, 'global'),
    run_global_report: (input) => post(input, 'global'),
    get_report_schema: async () => rawAnswer(reportSchemaText(), { contentType: 'text/plain; charset=utf-8' }),
    get_report_introspection: async () =>
      answered(await execution.executeReport({ scope: { account: '' }, query: getIntrospectionQuery() })),
  });
  return [...handlers, ...formerAddresses(handlers)];
}

/** The account endpoint and the schema under the address of the first generation. */
function formerAddresses(handlers: readonly BoundOperation[]): BoundOperation[] {
  const former = ['read_report', 'run_report'];
  return handlers
    .filter(({ operation }) => former.includes(operation.id))
    .map((bound) => ({
      ...bound,
      operation: { ...bound.operation, id: `v1_${bound.operation.id}` },
      authorizedAs: bound.operation,
      prefix: '/v1',
    }));
}

/** A change for the audit log; with the answer, how it ended. */
function noted({ field, uuid, responseName }: MutationField, result?: ReportResult): NotedChange {
  const params = { mutation: field, ...(uuid === undefined ? {} : { uuid }) };
  const error = result?.errors?.find(({ path }) => !path || path[0] === responseName);
  if (!error) return { params };
  const status = error.originalError instanceof AppError ? error.originalError.httpStatus : 400;
  return { params, failure: { status: error.extensions.code === 'INTERNAL' ? 500 : status, reason: error.message } };
}

/** A document that was not run at all is the fault of the request. */
function answered(result: ReportResult) {
  return rawAnswer(JSON.stringify(result), {
    contentType: 'application/json',
    status: result.data === undefined ? 400 : 200,
  });
}

/** Browsers name pages before everything else. */
function wantsPage(accept: string | string[] | undefined): boolean {
  return /\btext\/html\b/.test(String(accept ?? ''));
}
