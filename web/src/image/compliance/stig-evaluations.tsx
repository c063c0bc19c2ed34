import { Button, Group, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUpload } from '@tabler/icons-react';
import { useMemo } from 'react';
import { readApiError } from '#client/api-error.ts';
import { type STIGMetadataResponse, stigOperations } from '#contract/stig.ts';
import { useAccountScope } from '../../api/account-scope.ts';
import { client } from '../../api/client.ts';
import { saveFile } from '../../api/download.ts';
import { useAction } from '../../api/operation-action.ts';
import { useOperation } from '../../api/operation-query.ts';
import { useMay } from '../../session/session.ts';
import { Ago } from '../../states/ago.tsx';
import { announce, announceError } from '../../states/announce.ts';
import { ConfirmButton } from '../../states/confirm-button.tsx';
import { Nothing } from '../../states/nothing.tsx';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';
import { useImageDigest } from '../use-image.ts';
import { UploadStigDialog } from './upload-stig-dialog.tsx';

function columns(digest: string): Column<STIGMetadataResponse>[] {
  return [
    { id: 'profile', title: 'STIG', least: 200, value: profileOf },
    { id: 'format', title: 'Format', width: 100, from: 700, value: () => 'HDF' },
    {
      id: 'uploaded',
      title: 'Uploaded',
      width: 130,
      descendingFirst: true,
      value: ({ uploaded_at }) => uploaded_at,
      cell: ({ uploaded_at }) => <Ago time={uploaded_at} />,
    },
    {
      id: 'actions',
      title: 'Actions',
      width: 216,
      align: 'right',
      sortable: false,
      value: () => undefined,
      cell: (evaluation) => <Actions digest={digest} evaluation={evaluation} />,
    },
  ];
}

const profileOf = ({ stig_profile }: STIGMetadataResponse): string => stig_profile || 'Without a name';

/** STIG evaluations of the image: documents of InSpec, CINC and converters, kept byte by byte. */
export function StigEvaluations() {
  const digest = useImageDigest();
  const mayUpload = useMay('createImage');
  const [uploading, dialog] = useDisclosure(false);
  const evaluations = useOperation(stigOperations.list_image_stig, { params: { image_digest: digest } });
  const shown = useMemo(() => columns(digest), [digest]);
  return (
    <section aria-label="STIG evaluations">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          STIG evaluations
        </Title>
        {mayUpload ? (
          <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} onClick={dialog.open}>
            Upload an evaluation
          </Button>
        ) : null}
      </Group>
      <DataTable
        label="STIG evaluations"
        columns={shown}
        rows={evaluations.data ? (evaluations.data.items ?? []) : undefined}
        rowKey={({ evaluation_uuid }) => evaluation_uuid ?? ''}
        error={evaluations.error}
        retry={() => void evaluations.refetch()}
        sort={{ id: 'uploaded', descending: true }}
        maxHeight="26rem"
        empty={
          <Nothing title="No STIG evaluations">
            Documents in HDF stand here; the gate <span className="mono">stig</span> of a policy asks for them.
          </Nothing>
        }
      />
      {uploading ? <UploadStigDialog digest={digest} onClose={dialog.close} /> : null}
    </section>
  );
}

function Actions({ digest, evaluation }: { digest: string; evaluation: STIGMetadataResponse }) {
  const { account } = useAccountScope();
  const mayDelete = useMay('deleteImage');
  const uuid = evaluation.evaluation_uuid ?? '';
  const name = profileOf(evaluation);
  const params = { image_digest: digest, evaluation_uuid: uuid };
  const remove = useAction(stigOperations.delete_image_stig, {
    refreshes: [stigOperations.list_image_stig],
    onDone: () => announce('The evaluation was deleted'),
  });

  async function download(): Promise<void> {
    try {
      const options = account === undefined ? {} : { account };
      const { url, headers } = client.prepare(stigOperations.get_image_stig, { params }, options);
      // the document is handed over as it is, not read
      const response = await fetch(url, { headers, credentials: 'same-origin' });
      if (!response.ok) throw await readApiError(response);
      saveFile(`stig-${uuid}.hdf.json`, await response.blob());
    } catch (error) {
      announceError(error);
    }
  }

  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <Button size="xs" variant="default" aria-label={`Download ${name}`} onClick={() => void download()}>
        Download
      </Button>
      {mayDelete ? (
        <ConfirmButton
          size="xs"
          label="Delete"
          name={`Delete ${name}`}
          title={`Delete the evaluation ${name}?`}
          confirm="Delete"
          action={remove}
          onConfirm={(close) => remove.mutate({ params }, { onSuccess: close })}
        >
          Policies that ask for a STIG evaluation judge the image anew.
        </ConfirmButton>
      ) : null}
    </Group>
  );
}
