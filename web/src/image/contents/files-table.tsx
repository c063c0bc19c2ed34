import { type FilesContent, imageContentOperations } from '#contract/image-content.ts';
import { useOperation } from '../../api/operation-query.ts';
import { formatSize } from '../../format/size.ts';
import { shortDigest } from '../../format/words.ts';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';
import { fileMode } from './file-mode.ts';

const TYPES: Record<string, string> = { file: 'File', dir: 'Directory', slink: 'Link', dev: 'Device' };

const COLUMNS: Column<FilesContent>[] = [
  {
    id: 'filename',
    title: 'Path',
    mono: true,
    value: (file) => file.filename,
    cell: (file) => (
      <span title={file.filename}>
        {file.filename}
        {file.linkdest ? <span style={{ opacity: 0.7 }}> → {file.linkdest}</span> : null}
      </span>
    ),
  },
  { id: 'type', title: 'Type', width: 100, from: 800, value: (file) => TYPES[file.type ?? ''] ?? 'Other' },
  {
    id: 'size',
    title: 'Size',
    width: 96,
    align: 'right',
    descendingFirst: true,
    value: (file) => (file.type === 'file' ? file.size : undefined),
    cell: (file) => (file.type === 'file' ? formatSize(file.size) : ''),
  },
  { id: 'mode', title: 'Mode', width: 116, mono: true, from: 700, value: (file) => fileMode(file.mode) },
  {
    id: 'owner',
    title: 'Owner',
    width: 92,
    align: 'right',
    from: 1100,
    mono: true,
    value: (file) => `${file.uid}:${file.gid}`,
  },
  { id: 'sha256', title: 'SHA-256', width: 190, from: 1350, mono: true, value: (file) => file.sha256 ?? undefined },
];

/** Every file of the image. */
export function FilesTable({ digest }: { digest: string }) {
  const answer = useOperation(
    imageContentOperations.get_image_content_by_type_files,
    { params: { image_digest: digest } },
    { staleMs: 600_000 },
  );
  return (
    <DataTable
      label="Files"
      columns={COLUMNS}
      rows={answer.data ? (answer.data.content ?? []) : undefined}
      rowKey={(file) => file.filename ?? ''}
      error={answer.error}
      retry={() => void answer.refetch()}
      search="Search paths"
      sort={{ id: 'filename', descending: false }}
      csv={`files-${shortDigest(digest)}`}
      maxHeight="max(26rem, calc(100dvh - 17.5rem))"
    />
  );
}
