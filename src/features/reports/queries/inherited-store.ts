import { sql } from 'kysely';
import type { ReportContext } from '../execution/context.ts';
import type { FindingRow } from './finding-rows-store.ts';
import { type BaseImage, basesOf, baseTable, inherited } from './inherited.ts';
import { ownedMatches } from './owned-store.ts';
import { areCorrected } from './selection.ts';

type Finding = Pick<FindingRow, 'account' | 'digest' | 'document_id' | 'vulnerability' | 'namespace'>;

/** Which findings the base image of their image has too: their identities, joined by line feeds. */
export async function inheritedFindings(context: ReportContext, findings: readonly Finding[]): Promise<Set<string>> {
  const column = (name: keyof Finding) => sql`${findings.map((finding) => finding[name])}::text[]`;
  const images = sql`(
    select distinct i.account, i.analysis_id from unnest(${column('account')}, ${column('digest')}) d(account, digest)
    join image i on i.account = d.account and i.digest = d.digest
    where i.image_status = 'active' and i.analysis_id is not null)`;
  const bases = baseTable(await context.rows<BaseImage>(basesOf(context, images)));
  const owned = await ownedMatches(context, [...new Set(findings.map(({ vulnerability }) => vulnerability))]);
  const rows = await context.rows<{ id: string }>(sql`
    select concat_ws(E'\n', m.account, m.digest, m.document_id, m.vulnerability, m.namespace) as id
    from unnest(${sql.join((['account', 'digest', 'document_id', 'vulnerability', 'namespace'] as const).map(column))})
      m(account, digest, document_id, vulnerability, namespace)
    join image i on i.account = m.account and i.digest = m.digest
    join analysis_package ap on ap.analysis_id = i.analysis_id and ap.document_id = m.document_id
    join package p on p.id = ap.package_id
    where ${inherited(bases, owned, await areCorrected(context))}`);
  return new Set(rows.map(({ id }) => id));
}
