import { Button } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { imageVulnerabilitiesOperations } from '#contract/image-vulnerabilities.ts';
import { useOperation } from '../../api/operation-query.ts';
import { shortDigest } from '../../format/words.ts';
import { Nothing } from '../../states/nothing.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { useImageDigest } from '../use-image.ts';
import { isSettled } from './annotation-words.ts';
import { CoverageLine } from './coverage-line.tsx';
import { type Finding, filterFindings, findingKey, joinPlaces } from './finding.ts';
import { findingColumns } from './finding-columns.tsx';
import { FindingDrawer } from './finding-drawer.tsx';
import { FindingFilters } from './finding-filters.tsx';
import { WhyNotDrawer } from './why-not-drawer.tsx';

const route = getRouteApi('/app/images/$digest/vulnerabilities');

/** Every vulnerability of the image, with filters and details. */
export function VulnerabilitiesTab() {
  const digest = useImageDigest();
  const search = route.useSearch();
  const navigate = useNavigate();
  const [shown, setShown] = useState<Finding>();
  const [asking, setAsking] = useState(false);
  const answer = useOperation(imageVulnerabilitiesOperations.get_image_vulnerabilities_by_digest, {
    params: { image_digest: digest, vuln_type: 'all' },
  });
  const all = useMemo(() => answer.data && joinPlaces(answer.data.vulnerabilities ?? []), [answer.data]);
  const rows = useMemo(() => all && filterFindings(all, search), [all, search]);
  const types = useMemo(() => [...new Set((all ?? []).flatMap((one) => one.package_type ?? []))].sort(), [all]);
  const settled = useMemo(() => (all ?? []).filter(isSettled).length, [all]);
  const columns = useMemo(() => findingColumns(setShown), []);
  return (
    <>
      <CoverageLine />
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
          <>
            <FindingFilters
              search={search}
              types={types}
              settled={settled}
              onChange={(next) =>
                void navigate({
                  to: '/images/$digest/vulnerabilities',
                  params: { digest },
                  search: next,
                  replace: true,
                })
              }
            />
            <Button variant="default" onClick={() => setAsking(true)}>
              Why not…?
            </Button>
          </>
        }
        sort={{ id: 'severity', descending: false }}
        onRowClick={setShown}
        csv={`vulnerabilities-${shortDigest(digest)}`}
        maxHeight="max(26rem, calc(100dvh - 19.5rem))"
        empty={<Nothing title="No known vulnerabilities">None of the packages matches the vulnerability data.</Nothing>}
      />
      <WhyNotDrawer opened={asking} onClose={() => setAsking(false)} />
      <FindingDrawer finding={shown} onClose={() => setShown(undefined)} />
    </>
  );
}
