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
import type { MatchSettings, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { ProvidedResolver } from '../schema/provided.ts';
import { reportSchema } from '../schema/schema.ts';
import { createBatches } from './batches.ts';
import { checkSignal, contextFunctions, type PageSession, type ReportContext, type ReportScope } from './context.ts';
import { checkExtent, DEFAULT_LIMITS, MAX_CHARACTERS, MAX_TOKENS, type ReportLimits } from './limits.ts';
import { type MutationField, mutationFields } from './mutation-fields.ts';
import type { PlainRow } from './plain-rows.ts';
import { reportError } from './report-error.ts';
import { inSnapshot, openSnapshot } from './snapshot.ts';
import { timeFormat } from './time-format.ts';

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

/** Pages of one query, one after another. */
export interface ReportPages {
  /** A page; `results` apart from the data when they are made by themselves. */
  run(
    variables: Readonly<Record<string, unknown>>,
  ): Promise<ReportResult & { results: Record<string, unknown>[] | undefined }>;
  /** To be called once, also after a page failed. */
  end(): Promise<void>;
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

  /** The changes that a document asks for; none for queries, and for documents that cannot be run. */
  function changes({ query, operationName, variables }: ReportRequest): MutationField[] {
    const prepared = prepare(query, operationName, limits);
    return 'errors' in prepared ? [] : mutationFields(prepared.document, prepared.operation, variables);
  }

  async function executeReport(request: ReportRequest): Promise<ReportResult> {
    const prepared = prepare(request.query, request.operationName, limits);
    if ('errors' in prepared) return prepared;
    const { operation } = prepared;
    if (operation.operation === 'subscription') return { errors: [new GraphQLError('There are no subscriptions')] };
    if (operation.operation !== 'query' && request.queriesOnly)
      return { errors: [new GraphQLError('Mutations must be sent by POST')] };
    const signal = timeLimited(request.signal, limits);
    const onSnapshot = operation.operation === 'query' && !isIntrospection(operation);
    try {
      const result = onSnapshot
        ? await inSnapshot(deps.database, { signal, seconds: limits.seconds }, (db) =>
            runDocument(prepared, request, { db, signal }),
          )
        : await runDocument(prepared, request, { db: deps.database.db, signal });
      return present(result, deps.onError);
    } catch (error) {
      checkSignal(signal, limits);
      throw error;
    }
  }

  async function runDocument(
    { document, operation }: { document: DocumentNode; operation: OperationDefinitionNode },
    request: ReportRequest,
    on: { db: Db; signal: AbortSignal; session?: PageSession },
  ): Promise<ExecutionResult> {
    return execute({
      schema: reportSchema(timeFormat(operation, request.variables)),
      document,
      contextValue: {
        scope: request.scope,
        ...on,
        limits,
        batches: createBatches(),
        now: now(),
        runningSince: deps.runningSince(),
        username: request.username,
        index: deps.currentIndex(),
        settings: deps.settings,
        userBaseImages: deps.userBaseImages,
        provided,
        ...contextFunctions(on.db, limits, on.signal),
      } satisfies ReportContext,
      ...(request.variables ? { variableValues: request.variables } : {}),
      ...(request.operationName ? { operationName: request.operationName } : {}),
    });
  }

  /**
   * Pages of one query one after another: they share a snapshot, and what a list keeps to go on from where its page ended.
   * With `row`, the list of the document gives its results by itself, and the document does not ask for them. Throws for documents that cannot be run. On the embedded database, which has one connection, each page sees its moment.
   */
  async function openPages(request: ReportRequest, row?: PlainRow): Promise<ReportPages> {
    const prepared = prepare(request.query, request.operationName, limits);
    if ('errors' in prepared) throw prepared.errors[0];
    const whole = request.signal ?? new AbortController().signal;
    const { seconds } = limits;
    const snapshot =
      deps.database.kind === 'postgres' ? await openSnapshot(deps.database, { signal: whole, seconds }) : undefined;
    const plain = row && { row, results: [] };
    const session: PageSession = { cursors: snapshot !== undefined, used: [], plain };
    return {
      async run(variables) {
        for (const list of session.used.splice(0)) list.length = 0;
        // What was read ahead needs no statement, which would notice.
        checkSignal(whole, limits);
        const signal = timeLimited(whole, limits);
        const db = snapshot?.db ?? deps.database.db;
        const result = await runDocument(prepared, { ...request, variables }, { db, signal, session });
        return { ...present(result, deps.onError), results: plain?.results.splice(0) };
      },
      end: async () => snapshot?.end(),
    };
  }

  return {
    executeReport,
    openPages,
    check,
    changes,
    limits,
    /** Lets another feature fill fields, by `Type.field`. */
    provide(resolvers: Readonly<Record<string, ProvidedResolver>>): void {
      Object.assign(provided, resolvers);
    },
  };
}

export type ReportExecution = ReturnType<typeof createReportExecution>;

/** A signal that is aborted when an answer has taken as long as it may, too. */
function timeLimited(signal: AbortSignal | undefined, limits: ReportLimits): AbortSignal {
  const timeout = AbortSignal.timeout(limits.seconds * 1000);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
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
