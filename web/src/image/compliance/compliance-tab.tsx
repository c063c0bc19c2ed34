import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUpload } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { windlassComplianceOperations } from '#contract/windlass-compliance.ts';
import { useOperation } from '../../api/operation-query.ts';
import { CHECK_COLUMNS } from '../../compliance/check-columns.tsx';
import { UploadCheckDialog } from '../../compliance/upload-check-dialog.tsx';
import { useMay } from '../../session/session.ts';
import { Nothing } from '../../states/nothing.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { useImage, useImageDigest } from '../use-image.ts';
import { StigEvaluations } from './stig-evaluations.tsx';

const LIMIT = 100;

/** Evidence of compliance that is tied to the image: STIG evaluations, and checks of its containers. */
export function ComplianceTab() {
  return (
    <Stack gap="xl">
      <StigEvaluations />
      <Checks />
    </Stack>
  );
}

function Checks() {
  const digest = useImageDigest();
  const image = useImage();
  const navigate = useNavigate();
  const [uploading, dialog] = useDisclosure(false);
  const mayUpload = useMay('createRuntimeComplianceCheck');
  const checks = useOperation(
    windlassComplianceOperations.list_runtime_compliance_checks,
    { query: { image_digest: digest, limit: String(LIMIT) } },
    { every: (data) => (data?.items.some(({ state }) => state === 'pending') ? 2_000 : false) },
  );
  const total = checks.data?.total_rows ?? 0;
  const tag = image.data?.image_detail?.flatMap(({ full_tag }) => full_tag ?? [])[0];
  return (
    <section aria-label="Compliance checks">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          Compliance checks
        </Title>
        {mayUpload ? (
          <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} onClick={dialog.open}>
            Upload a result
          </Button>
        ) : null}
      </Group>
      <DataTable
        label="Compliance checks"
        columns={CHECK_COLUMNS}
        rows={checks.data?.items}
        rowKey={({ uuid }) => uuid}
        error={checks.error}
        retry={() => void checks.refetch()}
        sort={{ id: 'created', descending: true }}
        onRowClick={({ uuid }) => void navigate({ to: '/compliance/$check', params: { check: uuid } })}
        maxHeight="26rem"
        empty={<Nothing title="No checks of this image">Results of oscap on it or its containers stand here.</Nothing>}
        footer={
          total > LIMIT ? (
            <Text size="sm" c="dimmed" mt="xs">
              The newest {LIMIT} are listed.{' '}
              <Anchor inherit renderRoot={(props) => <Link to="/compliance" search={{ image: digest }} {...props} />}>
                Show all {total}
              </Anchor>
            </Text>
          ) : null
        }
      />
      {uploading ? <UploadCheckDialog image={{ digest, tag }} onClose={dialog.close} /> : null}
    </section>
  );
}
