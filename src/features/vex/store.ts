import { sql } from 'kysely';
import type { VexDocument, VexFormat, VexStatement } from '#engine/vex/index.ts';
import { json, storableText } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** Statements written at once. */
const BATCH = 1000;

/** An imported document. */
export interface VexDocumentRow {
  uuid: string;
  account: string;
  format: VexFormat;
  document_id: string;
  author: string | null;
  document_version: string | null;
  issued_at: Date | null;
  name: string | null;
  digest: string;
  statement_count: number;
  problems: string[];
  created_by: string | null;
  created_at: Date;
}

/** Documents of an account, the newest first. */
export async function listDocuments(db: Db, account: string): Promise<VexDocumentRow[]> {
  const rows = await db
    .selectFrom('vex_document')
    .selectAll()
    .where('account', '=', account)
    .orderBy('created_at', 'desc')
    .orderBy('uuid')
    .execute();
  return rows as unknown as VexDocumentRow[];
}

export async function findDocument(db: Db, account: string, uuid: string): Promise<VexDocumentRow | undefined> {
  const row = await db
    .selectFrom('vex_document')
    .selectAll()
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
  return row as unknown as VexDocumentRow | undefined;
}

/** The stored version of a document of this form and id. Until the transaction ends, nobody else replaces or adds one. */
export async function findVersion(
  db: Db,
  account: string,
  format: VexFormat,
  documentId: string,
): Promise<VexDocumentRow | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`vex ${account} ${format} ${storableText(documentId)}`}, 0))`.execute(
    db,
  );
  const row = await db
    .selectFrom('vex_document')
    .selectAll()
    .where('account', '=', account)
    .where('format', '=', format)
    .where('document_id', '=', storableText(documentId))
    .forUpdate()
    .executeTakeFirst();
  return row as unknown as VexDocumentRow | undefined;
}

/** Stores a document with its statements. */
export async function insertDocument(
  db: Db,
  account: string,
  document: VexDocument,
  about: { uuid: string; digest: string; name: string | undefined; createdBy: string },
): Promise<void> {
  await db
    .insertInto('vex_document')
    .values({
      uuid: about.uuid,
      account,
      format: document.format,
      document_id: storableText(document.id),
      author: document.author === undefined ? null : storableText(document.author),
      document_version: document.version === undefined ? null : storableText(document.version),
      issued_at: document.issuedAt === undefined ? null : new Date(document.issuedAt),
      name: about.name === undefined ? null : storableText(about.name),
      digest: about.digest,
      statement_count: document.statements.length,
      problems: json(document.problems),
      created_by: about.createdBy,
    })
    .execute();
  for (let start = 0; start < document.statements.length; start += BATCH) {
    const rows = document.statements.slice(start, start + BATCH).map((statement) => ({
      // Ids are compared in upper case.
      ids: statement.vulnerabilities.map((id) => id.toUpperCase()),
      status: statement.status,
      stated_at: statement.timestamp ?? null,
      statement,
    }));
    await sql`
      insert into vex_statement (account, document_uuid, vulnerability_ids, status, stated_at, statement)
      select ${account}, ${about.uuid}, array(select jsonb_array_elements_text(x.ids)), x.status, x.stated_at, x.statement
      from jsonb_to_recordset(${json(rows)}::jsonb) as x(ids jsonb, status text, stated_at timestamptz, statement jsonb)`.execute(
      db,
    );
  }
}

/** Deletes a document with its statements; false when there is none. */
export async function deleteDocument(db: Db, account: string, uuid: string): Promise<boolean> {
  const result = await db
    .deleteFrom('vex_document')
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** A statement with the document that it is of. */
export interface StoredStatement extends VexStatement {
  documentUuid: string;
  author?: string;
}

/** Statements of the account about any of these vulnerabilities, in the order of import. */
export async function statementsAbout(db: Db, account: string, ids: string[]): Promise<StoredStatement[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ statement: VexStatement; document_uuid: string; author: string | null }>`
    select s.statement, s.document_uuid, d.author
    from vex_statement s join vex_document d on d.uuid = s.document_uuid
    where s.account = ${account} and s.vulnerability_ids && ${ids.map((id) => id.toUpperCase())}::text[]
    order by d.created_at, s.id`.execute(db);
  return rows.map(({ statement, document_uuid, author }) => ({
    ...statement,
    documentUuid: document_uuid,
    ...(author ? { author } : {}),
  }));
}

/** Changes with the documents of the account and the annotations of an image. */
export async function judgementDigest(db: Db, account: string, digest: string): Promise<string> {
  const { rows } = await sql<{ documents: string | null; annotations: string | null }>`
    select (select md5(string_agg(uuid::text, ',' order by uuid)) from vex_document where account = ${account}) as documents,
           (select md5(string_agg(uuid::text || version, ',' order by uuid)) from vulnerability_annotation
            where account = ${account} and digest = ${digest}) as annotations`.execute(db);
  return `${rows[0]?.documents ?? ''} ${rows[0]?.annotations ?? ''}`;
}
