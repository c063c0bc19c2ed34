import { Paper } from '@mantine/core';
import { type ArchivedAnalysis, archivesOperations } from '#contract/archives.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { formatCount } from '../format/number.ts';
import { formatSize } from '../format/size.ts';
import { sentenceCase, shortDigest } from '../format/words.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { announce } from '../states/announce.ts';
import { Badge } from '../states/badge.tsx';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { Fact, Facts } from '../states/facts.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { ArchiveDialog } from './archive-dialog.tsx';
import { ArchiveLinks } from './archive-links.tsx';

const REFRESHES = [archivesOperations.list_analysis_archive, archivesOperations.list_archives];
const tags = (row: ArchivedAnalysis) => (row.image_detail ?? []).flatMap(({ pull_string }) => pull_string ?? []);

const COLUMNS: Column<ArchivedAnalysis>[] = [
  {
    id: 'image',
    title: 'Image',
    least: 200,
    value: (row) => tags(row).join(' ') || shortDigest(row.image_digest ?? ''),
    cell: (row) => <b title={tags(row).join('\n')}>{tags(row)[0] ?? shortDigest(row.image_digest ?? '')}</b>,
  },
  {
    id: 'digest',
    title: 'Digest',
    width: 130,
    mono: true,
    from: 900,
    value: (row) => shortDigest(row.image_digest ?? ''),
  },
  {
    id: 'state',
    title: 'State',
    width: 110,
    value: (row) => row.status,
    cell: ({ status = '' }) => (
      <Badge tone={status === 'archived' ? 'good' : status === 'archiving' ? 'low' : 'medium'}>
        {sentenceCase(status)}
      </Badge>
    ),
  },
  {
    id: 'size',
    title: 'Size',
    width: 96,
    align: 'right',
    from: 600,
    value: (row) => row.archive_size_bytes,
    cell: (row) => formatSize(row.archive_size_bytes),
  },
  {
    id: 'analysed',
    title: 'Analysed',
    width: 116,
    align: 'right',
    from: 1000,
    value: (row) => row.analyzed_at,
    cell: (row) => <Ago time={row.analyzed_at} />,
  },
  {
    id: 'archived',
    title: 'Archived',
    width: 116,
    align: 'right',
    from: 800,
    descendingFirst: true,
    value: (row) => row.created_at,
    cell: (row) => <Ago time={row.created_at} />,
  },
  {
    id: 'delete',
    title: '',
    width: 100,
    sortable: false,
    searchable: false,
    value: () => undefined,
    cell: (row) => <Delete row={row} />,
  },
];

/** Analyses that were put away. */
export function ArchivePage() {
  const summary = useOperation(archivesOperations.list_archives, {});
  const list = useOperation(
    archivesOperations.list_analysis_archive,
    {},
    { every: (rows) => (rows?.some(({ status }) => status !== 'archived') ? 3_000 : 30_000) },
  );
  const mayAdd = useMay('createArchivedImageAnalysis');
  const images = summary.data?.images;
  return (
    <>
      <PageTitle title="Archive" about="An archived analysis takes little room. Adding its image again brings it back.">
        {mayAdd ? <ArchiveDialog refreshes={REFRESHES} /> : null}
      </PageTitle>
      <ArchiveLinks />
      {images ? (
        <Paper p="md" mb="md">
          <Facts>
            <Fact name="Images">{formatCount(images.total_image_count)}</Fact>
            <Fact name="Tags">{formatCount(images.total_tag_count)}</Fact>
            <Fact name="Size">{formatSize(images.total_data_bytes)}</Fact>
            <Fact name="Rules">{formatCount(summary.data?.rules?.count)}</Fact>
          </Facts>
        </Paper>
      ) : null}
      <DataTable
        label="Archived images"
        columns={COLUMNS}
        rows={list.data}
        rowKey={(row) => row.image_digest ?? ''}
        error={list.error}
        retry={() => void list.refetch()}
        search="Search tag or digest"
        sort={{ id: 'archived', descending: true }}
        csv="windlass-archive"
        empty={<Nothing title="The archive is empty">Archive an image here, or let a rule do it.</Nothing>}
      />
    </>
  );
}

function Delete({ row }: { row: ArchivedAnalysis }) {
  const may = useMay('deleteArchivedImageAnalysis');
  const remove = useAction(archivesOperations.delete_archived_analysis, {
    refreshes: REFRESHES,
    onDone: () => announce('The archived analysis is being deleted'),
  });
  if (!may) return null;
  const name = tags(row)[0] ?? shortDigest(row.image_digest ?? '');
  return (
    <ConfirmButton
      size="compact-xs"
      label="Delete"
      name={`Delete ${name}`}
      title={`Delete the archived analysis of ${name}?`}
      confirm="Delete"
      action={remove}
      onConfirm={(close) =>
        remove.mutate(
          { params: { image_digest: row.image_digest ?? '' }, query: { force: true } },
          { onSuccess: close },
        )
      }
    >
      It cannot be brought back; the image would have to be analysed anew.
    </ConfirmButton>
  );
}
