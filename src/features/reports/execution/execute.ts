import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { sql } from 'kysely';
import type { MatchSettings, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { ProvidedResolver } from '../schema/provided.ts';
import { reportSchema } from '../schema/schema.ts';
import { createBatches } from './batches.ts';
import { checkSignal, contextFunctions, type ReportContext, type ReportScope } from './context.ts';
import { checkExtent, DEFAULT_LIMITS, MAX_CHARACTERS, MAX_TOKENS, type ReportLimits } from './limits.ts';
import { reportError } from './report-error.ts';

export interface ReportDependencies {
  database: Database;
  /** The vulnerability data in use. */
  currentIndex(): VulnerabilityIndex | undefined;
  settings: MatchSettings;
  /** What was last seen running before this moment is gone. */
  runningSince(): Date;
  /** A base image that a user marked goes before the nearest ancestor. */
  userBaseImages: boolean;
  /** Fields that other features fill, by `Type.field`. It may be added to until the first document is run. */
  provided?: Record<string, ProvidedResolver>;
  limits?: Partial<ReportLimits>;
  now?(): Date;
  /** Told about faults of the server, whose text the caller does not see. */
  onError?(error: unknown): void;
}

/** One document to be run. */
export interface ReportRequest {
  scope: ReportScope;
  query: string;
  variables?: Readonly<Record<string, unknown>> | undefined;
  operationName?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Refuse mutations: they are not sent by GET. */
  queriesOnly?: boolean;
  username?: string | undefined;
}

/** The answer. Without `data` the document was not run at all. */
export interface ReportResult {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLError[];
}

/** Runs GraphQL documents over the state of the moment. */
export function createReportExecution(deps: ReportDependencies) {
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const now = deps.now ?? (() => new Date());
  const provided: Record<string, ProvidedResolver> = deps.provided ?? {};

  /** Checks a document without running it; an empty list: it can be run. */
  function check(query: string, operationName?: string): readonly GraphQLError[] {
    const prepared = prepare(query, operationName, limits);
    return 'errors' in prepared ? prepared.errors : [];
  }

  async function executeReport(request: ReportRequest): Promise<ReportResult> {
    const prepared = prepare(request.query, request.operationName, limits);
    if ('errors' in prepared) return prepared;
    const { document, operation } = prepared;
    if (operation.operation === 'subscription') return { errors: [new GraphQLError('There are no subscriptions')] };
    if (operation.operation !== 'query' && request.queriesOnly)
      return { errors: [new GraphQLError('Mutations must be sent by POST')] };
    const timeout = AbortSignal.timeout(limits.seconds * 1000);
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;

    const run = async (db: Db): Promise<ExecutionResult> =>
      execute({
        schema: reportSchema(),
        document,
        contextValue: {
          scope: request.scope,
          db,
          limits,
          batches: createBatches(),
          signal,
          now: now(),
          runningSince: deps.runningSince(),
          username: request.username,
          index: deps.currentIndex(),
          settings: deps.settings,
          userBaseImages: deps.userBaseImages,
          provided,
          ...contextFunctions(db, limits, signal),
        } satisfies ReportContext,
        ...(request.variables ? { variableValues: request.variables } : {}),
        ...(request.operationName ? { operationName: request.operationName } : {}),
      });

    const touchesDatabase = !isIntrospection(operation);
    const result =
      operation.operation === 'query' && touchesDatabase && deps.database.kind === 'postgres'
        ? await inSnapshot(deps.database, signal, limits, run)
        : await run(deps.database.db);
    return present(result, deps.onError);
  }

  return {
    executeReport,
    check,
    limits,
    /** Lets another feature fill fields, by `Type.field`. */
    provide(resolvers: Readonly<Record<string, ProvidedResolver>>): void {
      Object.assign(provided, resolvers);
    },
  };
}

export type ReportExecution = ReturnType<typeof createReportExecution>;

/** Ends a snapshot without a commit. */
class SnapshotEnd extends Error {}

/** One snapshot for all statements of a document, ended by the server when it takes too long or nobody waits for it. */
async function inSnapshot<T>(
  database: Database,
  signal: AbortSignal,
  limits: ReportLimits,
  run: (db: Db) => Promise<T>,
): Promise<T> {
  let backend: number | undefined;
  const cancel = () => {
    if (backend === undefined) return;
    // Another connection: the one of the report is at work.
    sql`select pg_cancel_backend(${backend}::int)`.execute(database.db).catch(() => undefined);
  };
  signal.addEventListener('abort', cancel, { once: true });
  let result: { value: T } | undefined;
  try {
    await database.transaction(async (tx) => {
      await sql`set transaction isolation level repeatable read, read only`.execute(tx);
      const { rows } = await sql<{ pid: number }>`
        select pg_backend_pid() as pid, set_config('jit', 'off', true), set_config('work_mem', '64MB', true),
          set_config('statement_timeout', ${`${limits.seconds * 1000 + 2_000}`}, true)`.execute(tx);
      backend = rows[0]?.pid;
      checkSignal(signal, limits);
      try {
        result = { value: await run(tx) };
      } finally {
        backend = undefined;
      }
      // Nothing was written, and after a failed statement, whose error is part of the answer, nothing can be committed.
      throw new SnapshotEnd();
    });
    throw new SnapshotEnd();
  } catch (error) {
    if (error instanceof SnapshotEnd && result) return result.value;
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

type Prepared = { document: DocumentNode; operation: OperationDefinitionNode } | { errors: readonly GraphQLError[] };

/** Documents that were found good, the most recently used last. */
const accepted = new Map<string, DocumentNode>();
const KEPT = 200;

function prepare(query: string, operationName: string | undefined, limits: ReportLimits): Prepared {
  if (query.length > MAX_CHARACTERS)
    return {
      errors: [reportError('QUERY_TOO_LARGE', `The query is longer than ${MAX_CHARACTERS} characters: split it`)],
    };
  let document = accepted.get(query);
  if (document) accepted.delete(query);
  else {
    const read = readDocument(query, limits);
    if ('errors' in read) return read;
    document = read.document;
  }
  accepted.set(query, document);
  if (accepted.size > KEPT) accepted.delete(accepted.keys().next().value as string);
  const operation = getOperationAST(document, operationName);
  if (operation) return { document, operation };
  const message = operationName
    ? `The document has no operation '${operationName}'`
    : 'The document has several operations: say which by operationName';
  return { errors: [new GraphQLError(message)] };
}

function readDocument(
  query: string,
  limits: ReportLimits,
): { document: DocumentNode } | { errors: readonly GraphQLError[] } {
  try {
    const document = parse(query, { maxTokens: MAX_TOKENS, noLocation: false });
    const extent = checkExtent(document, limits);
    if (extent) return { errors: [extent] };
    const errors = validate(reportSchema(), document, undefined, { maxErrors: 10 });
    return errors.length > 0 ? { errors } : { document };
  } catch (error) {
    if (error instanceof GraphQLError && error.message.includes(`${MAX_TOKENS} tokens`))
      return { errors: [reportError('QUERY_TOO_LARGE', `The query has more than ${MAX_TOKENS} tokens: split it`)] };
    if (error instanceof GraphQLError) return { errors: [error] };
    if (error instanceof RangeError) return { errors: [reportError('QUERY_TOO_DEEP', 'The query nests too deeply')] };
    throw error;
  }
}

function isIntrospection(operation: OperationDefinitionNode): boolean {
  return operation.selectionSet.selections.every((node) => node.kind === 'Field' && node.name.value.startsWith('__'));
}

/** Errors of the server lose their text: only those that are meant for the caller keep it. */
function present(result: ExecutionResult, onError: ReportDependencies['onError']): ReportResult {
  const { data, errors } = result;
  const shown = errors?.map((error) => {
    const cause = error.originalError;
    if (!cause || cause instanceof GraphQLError || 'httpStatus' in cause) return error;
    onError?.(cause);
    return new GraphQLError('The report failed inside the server', {
      nodes: error.nodes ?? null,
      path: error.path ?? null,
      extensions: { code: 'INTERNAL' },
    });
  });
  return {
    ...(data === undefined ? {} : { data: data as Record<string, unknown> | null }),
    ...(shown ? { errors: shown } : {}),
  };
}
