import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { imageVulnerabilitiesOperations } from '#contract/image-vulnerabilities.ts';
import { useOperation } from '../../api/operation-query.ts';
import { shortDigest } from '../../format/words.ts';
import { Nothing } from '../../states/nothing.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { useImageDigest } from '../use-image.ts';
import { type Finding, filterFindings, findingKey, joinPlaces } from './finding.ts';
import { findingColumns } from './finding-columns.tsx';
import { FindingDrawer } from './finding-drawer.tsx';
import { FindingFilters } from './finding-filters.tsx';

const route = getRouteApi('/app/images/$digest/vulnerabilities');

/** Every vulnerability of the image, with filters and details. */
export function VulnerabilitiesTab() {
  const digest = useImageDigest();
  const search = route.useSearch();
  const navigate = useNavigate();
  const [shown, setShown] = useState<Finding>();
  const answer = useOperation(imageVulnerabilitiesOperations.get_image_vulnerabilities_by_digest, {
    params: { image_digest: digest, vuln_type: 'all' },
  });
  const all = useMemo(() => answer.data && joinPlaces(answer.data.vulnerabilities ?? []), [answer.data]);
  const rows = useMemo(() => all && filterFindings(all, search), [all, search]);
  const types = useMemo(() => [...new Set((all ?? []).flatMap((one) => one.package_type ?? []))].sort(), [all]);
  const columns = useMemo(() => findingColumns(setShown), []);
  return (
    <>
      <DataTable
        label="Vulnerabilities"
        columns={columns}
        rows={rows}
        total={all?.length ?? 0}
        rowKey={findingKey}
        error={answer.error}
        retry={() => void answer.refetch()}
        search="Search id, package or path"
        filters={
          <FindingFilters
            search={search}
            types={types}
            onChange={(next) =>
              void navigate({ to: '/images/$digest/vulnerabilities', params: { digest }, search: next, replace: true })
            }
          />
        }
        sort={{ id: 'severity', descending: false }}
        onRowClick={setShown}
        csv={`vulnerabilities-${shortDigest(digest)}`}
        maxHeight="max(26rem, calc(100dvh - 17.5rem))"
        empty={<Nothing title="No known vulnerabilities">None of the packages matches the vulnerability data.</Nothing>}
      />
      <FindingDrawer finding={shown} onClose={() => setShown(undefined)} />
    </>
  );
}
