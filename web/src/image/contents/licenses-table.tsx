import { imageContentOperations, type LicenseReviewItem } from '#contract/image-content.ts';
import { useOperation } from '../../api/operation-query.ts';
import { shortDigest } from '../../format/words.ts';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';

const licenses = (item: LicenseReviewItem) =>
  (item.licenses ?? []).flatMap((license) => license.license_id || license.license_name || []).join(', ');

const COLUMNS: Column<LicenseReviewItem>[] = [
  { id: 'package', title: 'Package', value: (item) => item.package?.name, cell: (item) => <b>{item.package?.name}</b> },
  { id: 'version', title: 'Version', mono: true, value: (item) => item.package?.version },
  { id: 'type', title: 'Type', width: 96, from: 700, value: (item) => item.package?.type },
  { id: 'licenses', title: 'Licences', value: (item) => licenses(item) || undefined },
];

/** Licences of every package. */
export function LicensesTable({ digest }: { digest: string }) {
  const answer = useOperation(imageContentOperations.get_image_content_by_type_license, {
    params: { image_digest: digest },
  });
  return (
    <DataTable
      label="Licences"
      columns={COLUMNS}
      rows={answer.data ? (answer.data.items ?? []) : undefined}
      rowKey={(item) => `${item.package?.type} ${item.package?.name} ${item.package?.version} ${item.package?.purl}`}
      error={answer.error}
      retry={() => void answer.refetch()}
      search="Search packages and licences"
      sort={{ id: 'package', descending: false }}
      csv={`licences-${shortDigest(digest)}`}
      maxHeight="max(26rem, calc(100dvh - 17.5rem))"
    />
  );
}
