import { imageContentOperations, type JavaPackageContent, type PackageContent } from '#contract/image-content.ts';
import { useOperation } from '../../api/operation-query.ts';
import { shortDigest } from '../../format/words.ts';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';

type PackageRow = PackageContent | JavaPackageContent;

const COLUMNS: Column<PackageRow>[] = [
  {
    id: 'package',
    title: 'Package',
    value: (row) => row.package,
    cell: (row) => <b title={row.package}>{row.package}</b>,
  },
  { id: 'version', title: 'Version', width: 190, mono: true, value: (row) => row.version },
  { id: 'type', title: 'Type', width: 96, from: 800, value: (row) => row.type },
  { id: 'licenses', title: 'Licences', from: 900, value: (row) => (row.licenses ?? []).join(', ') },
  {
    id: 'location',
    title: 'Path',
    from: 1200,
    mono: true,
    value: (row) => (row.location === 'pkgdb' ? undefined : row.location),
  },
  { id: 'origin', title: 'Origin', from: 1400, value: (row) => row.origin },
  { id: 'purl', title: 'Package URL', from: 99_999, value: (row) => row.purl },
];

/** Packages of the distribution lie in its package database, not at a path. */
const OS_COLUMNS = COLUMNS.filter((column) => column.id !== 'location');

/** Packages of one kind. Java has an operation of its own. */
export function PackagesTable({ digest, kind }: { digest: string; kind: string }) {
  const params = { image_digest: digest };
  const java = useOperation(
    imageContentOperations.get_image_content_by_type_java_package,
    { params },
    { enabled: kind === 'java' },
  );
  const other = useOperation(
    imageContentOperations.get_image_content_by_type,
    { params: { ...params, content_type: kind } },
    { enabled: kind !== 'java' },
  );
  const answer = kind === 'java' ? java : other;
  return (
    <DataTable<PackageRow>
      label="Packages"
      columns={kind === 'os' ? OS_COLUMNS : COLUMNS}
      rows={answer.data ? (answer.data.content ?? []) : undefined}
      rowKey={(row) => `${row.purl} ${row.package} ${row.version} ${row.location}`}
      error={answer.error}
      retry={() => void answer.refetch()}
      search="Search packages"
      sort={{ id: 'package', descending: false }}
      csv={`${kind}-packages-${shortDigest(digest)}`}
      maxHeight="max(26rem, calc(100dvh - 17.5rem))"
    />
  );
}
