import { sql } from 'kysely';
import type { ReportContext } from '../execution/context.ts';
import type { FindingRow } from './finding-rows-store.ts';
import { inherited } from './inherited.ts';
import { packagesOfImage } from './packages.ts';

type Finding = Pick<FindingRow, 'account' | 'digest' | 'document_id' | 'vulnerability' | 'namespace'>;

/** Which findings the base image of their image has too: their identities, joined by line feeds. */
export async function inheritedFindings(context: ReportContext, findings: readonly Finding[]): Promise<Set<string>> {
  const column = (name: keyof Finding) => sql`${findings.map((finding) => finding[name])}::text[]`;
  const rows = await context.rows<{ id: string }>(sql`
    select concat_ws(E'\n', ap.account, ap.digest, ap.document_id, m.vulnerability, m.namespace) as id
    from unnest(${sql.join((['account', 'digest', 'document_id', 'vulnerability', 'namespace'] as const).map(column))})
      m(account, digest, document_id, vulnerability, namespace)
    join ${packagesOfImage(sql`m.account`, sql`m.digest`)} ap on ap.document_id = m.document_id
    join package p on p.id = ap.found_package_id
    where ${inherited(context.userBaseImages)}`);
  return new Set(rows.map(({ id }) => id));
}
