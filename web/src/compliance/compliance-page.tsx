import { Button, Select, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUpload } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type ComplianceVerdict, windlassComplianceOperations } from '#contract/windlass-compliance.ts';
import { useOperation } from '../api/operation-query.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Nothing } from '../states/nothing.tsx';
import { DataTable } from '../table/data-table.tsx';
import { CHECK_COLUMNS } from './check-columns.tsx';
import type { ChecksSearch } from './compliance-search.ts';
import { UploadCheckDialog } from './upload-check-dialog.tsx';

const route = getRouteApi('/app/compliance');
const VERDICTS = [
  { value: 'fail', label: 'Fail' },
  { value: 'pass', label: 'Pass' },
  { value: 'inconclusive', label: 'Inconclusive' },
];
const LIMIT = 1000;

/** Results of checking programs, newest first. */
export function CompliancePage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const mayUpload = useMay('createRuntimeComplianceCheck');
  const [uploading, dialog] = useDisclosure(false);
  const answer = useOperation(
    windlassComplianceOperations.list_runtime_compliance_checks,
    {
      query: {
        limit: String(LIMIT),
        ...(search.verdict ? { verdict: search.verdict } : {}),
        ...(search.namespace ? { namespace: search.namespace } : {}),
        ...(search.image ? { image_digest: search.image } : {}),
      },
    },
    {
      keepPrevious: true,
      every: (data) => (data?.items.some(({ state }) => state === 'pending') ? 2_000 : false),
    },
  );
  const items = answer.data?.items;
  const namespaces = useMemo(
    () =>
      [
        ...new Set([
          ...(search.namespace ? [search.namespace] : []),
          ...(items ?? []).flatMap((one) => one.namespace ?? []),
        ]),
      ].sort(),
    [items, search.namespace],
  );
  const change = (next: ChecksSearch) => void navigate({ to: '/compliance', search: next, replace: true });
  const { verdict, namespace, ...rest } = search;
  const filtered = Object.keys(search).length > 0;
  const total = answer.data?.total_rows ?? 0;
  return (
    <>
      <PageTitle title="Compliance" about="Results of oscap on images and running containers.">
        {mayUpload ? (
          <Button leftSection={<IconUpload size={16} aria-hidden />} onClick={dialog.open}>
            Upload a result
          </Button>
        ) : null}
      </PageTitle>
      <DataTable
        label="Compliance checks"
        columns={CHECK_COLUMNS}
        rows={items}
        rowKey={(check) => check.uuid}
        error={answer.error}
        retry={() => void answer.refetch()}
        search="Search image, workload or profile"
        filters={
          <>
            <Select
              aria-label="Verdict"
              placeholder="Any verdict"
              data={VERDICTS}
              value={verdict ?? null}
              onChange={(value) =>
                change({
                  ...rest,
                  ...(namespace ? { namespace } : {}),
                  ...(value ? { verdict: value as ComplianceVerdict } : {}),
                })
              }
              clearable
              w={150}
            />
            <Select
              aria-label="Namespace"
              placeholder="Any namespace"
              data={namespaces}
              value={namespace ?? null}
              onChange={(value) =>
                change({ ...rest, ...(verdict ? { verdict } : {}), ...(value ? { namespace: value } : {}) })
              }
              clearable
              searchable
              w={170}
            />
          </>
        }
        sort={{ id: 'created', descending: true }}
        onRowClick={(check) => void navigate({ to: '/compliance/$check', params: { check: check.uuid } })}
        csv="compliance"
        empty={
          filtered ? (
            <Nothing title="Nothing matches">Change the filters to see more.</Nothing>
          ) : (
            <Nothing title="No compliance checks yet">
              Upload the result of a run here, or send it:{' '}
              <span className="mono">windlass compliance upload arf.xml --image app:1.4</span>
            </Nothing>
          )
        }
        footer={
          total > LIMIT ? (
            <Text size="sm" c="dimmed" mt="xs">
              The newest {LIMIT} of {total} are listed; filters look at all.
            </Text>
          ) : null
        }
      />
      {uploading ? <UploadCheckDialog onClose={dialog.close} /> : null}
    </>
  );
}
