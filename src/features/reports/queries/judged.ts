import type { AnnotationRow } from '#features/annotations/index.ts';
import { type JudgeableFinding, judgeFindings, statementsAbout } from '#features/vex/index.ts';
import { reportError } from '../execution/report-error.ts';
import type { FindingSelection, JudgedFinding } from './findings.ts';
import { annotationsOfAccount, type JudgeableRow, judgeableRows, judgedIds, namesOfImages } from './judged-store.ts';

/** Findings that are looked at for judgements at most. */
const MOST = 200_000;

/**
 * Findings of a selection about which something was judged: annotations of people, statements of imported documents. Only
 * vulnerabilities that are named by one of them are looked at. `within`: only findings of these vulnerabilities in these
 * images.
 */
export async function judgedFindings(
  selection: FindingSelection,
  within?: { ids: readonly string[]; digests: readonly string[] },
): Promise<JudgedFinding[]> {
  const { context } = selection;
  const named = await judgedIds(selection);
  const judged: JudgedFinding[] = [];
  for (const { account, annotated, stated } of named) {
    const rows = await judgeableRows(
      selection,
      { account, annotated, stated },
      { ids: within?.ids, digests: within?.digests ?? listedDigests(selection, account), limit: MOST + 1 },
    );
    if (rows.length > MOST)
      throw reportError('ANSWER_TOO_LARGE', 'Too many findings were judged to filter by it: narrow the filter');
    const statements = stated.length > 0 ? await statementsAbout(context.db, account, stated) : [];
    const images = new Map<string, JudgeableRow[]>();
    for (const row of rows) {
      const of = images.get(row.digest);
      if (of) of.push(row);
      else images.set(row.digest, [row]);
    }
    const annotations =
      annotated.length > 0 ? await annotationsOfAccount(selection, account) : new Map<string, AnnotationRow[]>();
    const names = await namesOfImages(selection, account, [...images.keys()]);
    for (const [digest, of] of images) {
      const image = names.get(digest) ?? { digest, parent_digest: null, image_id: null, tags: [] };
      const findings = of.map((row) => ({ ...asFinding(row), row }));
      for (const [{ row }, { status }] of judgeFindings(annotations.get(digest) ?? [], statements, image, findings)) {
        const { document_id, vulnerability, namespace } = row;
        judged.push({ account, digest, document_id, vulnerability, namespace, status });
      }
    }
  }
  return judged;
}

/** Digests of the images in question, where they are few. */
function listedDigests({ known }: FindingSelection, account: string): string[] | undefined {
  return known.list?.filter((image) => image.account === account).map(({ digest }) => digest);
}

function asFinding(row: JudgeableRow): JudgeableFinding {
  const { name, version, type, purl, vulnerability } = row;
  return {
    ...{ name, version, type, purl },
    match: { vulnerability, aliases: row.match_aliases ?? [] },
    detail: { id: vulnerability, aliases: row.aliases ?? [] },
  };
}
