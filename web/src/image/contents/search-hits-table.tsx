import { useMemo } from 'react';
import { imageArtifactsOperations } from '#contract/image-artifacts.ts';
import { useOperation } from '../../api/operation-query.ts';
import { shortDigest } from '../../format/words.ts';
import { Nothing } from '../../states/nothing.tsx';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';

interface Hit {
  path: string;
  name: string;
  /** From 1, as editors count; the API counts from 0. */
  lines: number[];
}

const COLUMNS: Column<Hit>[] = [
  { id: 'path', title: 'File', mono: true, value: (hit) => hit.path },
  { id: 'name', title: 'Rule', width: 260, value: (hit) => hit.name, cell: (hit) => <b>{hit.name}</b> },
  { id: 'lines', title: 'Lines', width: 180, value: (hit) => hit.lines.join(', ') },
];

const TEXTS = {
  secrets: { label: 'Secrets', empty: 'No rule found a secret in this image.' },
  'content-search': { label: 'Content search', empty: 'No search found anything in this image.' },
} as const;

/** Files in which a rule found something, and on which lines. The text found is never shown. */
export function SearchHitsTable({ digest, kind }: { digest: string; kind: 'secrets' | 'content-search' }) {
  const input = { params: { image_digest: digest } };
  const secrets = useOperation(imageArtifactsOperations.list_secret_search_results, input, {
    enabled: kind === 'secrets',
  });
  const searches = useOperation(imageArtifactsOperations.list_file_content_search_results, input, {
    enabled: kind !== 'secrets',
  });
  const answer = kind === 'secrets' ? secrets : searches;
  const rows = useMemo(
    () =>
      answer.data?.flatMap((file) =>
        (file.matches ?? []).map(
          (match): Hit => ({
            path: file.path ?? '',
            name: match.name ?? '',
            lines: (match.lines ?? []).map((line) => line + 1),
          }),
        ),
      ),
    [answer.data],
  );
  const { label, empty } = TEXTS[kind];
  return (
    <DataTable
      label={label}
      columns={COLUMNS}
      rows={rows}
      rowKey={(hit) => `${hit.path} ${hit.name}`}
      error={answer.error}
      retry={() => void answer.refetch()}
      search="Search files and rules"
      csv={`${kind}-${shortDigest(digest)}`}
      empty={<Nothing title="Nothing found">{empty}</Nothing>}
      maxHeight="max(26rem, calc(100dvh - 17.5rem))"
    />
  );
}
