import { Anchor, Button, Modal, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { imageArtifactsOperations } from '#contract/image-artifacts.ts';
import { saveFile } from '../../api/download.ts';
import { useOperation } from '../../api/operation-query.ts';
import { formatSize } from '../../format/size.ts';
import { Nothing } from '../../states/nothing.tsx';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';
import { asText, fromBase64 } from './base64.ts';
import classes from './contents.module.css';

interface Kept {
  path: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Files whose content the analysis kept. */
export function RetrievedFilesTable({ digest }: { digest: string }) {
  const answer = useOperation(imageArtifactsOperations.list_retrieved_files, { params: { image_digest: digest } });
  const [shown, setShown] = useState<Kept>();
  const rows = useMemo(
    () => answer.data?.map((file): Kept => ({ path: file.path ?? '', bytes: fromBase64(file.b64_content ?? '') })),
    [answer.data],
  );
  const columns = useMemo<Column<Kept>[]>(
    () => [
      {
        id: 'path',
        title: 'File',
        value: (file) => file.path,
        cell: (file) => (
          <Anchor component="button" type="button" size="sm" className="mono" onClick={() => setShown(file)}>
            {file.path}
          </Anchor>
        ),
      },
      {
        id: 'size',
        title: 'Size',
        width: 110,
        align: 'right',
        value: (file) => file.bytes.length,
        cell: (file) => formatSize(file.bytes.length),
      },
    ],
    [],
  );
  return (
    <>
      <DataTable
        label="Retrieved files"
        columns={columns}
        rows={rows}
        rowKey={(file) => file.path}
        error={answer.error}
        retry={() => void answer.refetch()}
        search="Search files"
        onRowClick={setShown}
        empty={<Nothing title="No files were kept">The analysis keeps those that its settings name.</Nothing>}
        maxHeight="max(26rem, calc(100dvh - 17.5rem))"
      />
      <Modal
        opened={shown !== undefined}
        onClose={() => setShown(undefined)}
        title={shown?.path}
        size="xl"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {shown ? <FileContent file={shown} /> : null}
      </Modal>
    </>
  );
}

function FileContent({ file }: { file: Kept }) {
  const text = asText(file.bytes);
  return (
    <>
      {text === undefined ? (
        <Text size="sm" c="dimmed">
          This is not a text of UTF-8.
        </Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <pre className={classes.text} tabIndex={0}>
          {text}
        </pre>
      )}
      <Button
        mt="md"
        variant="default"
        onClick={() => saveFile(file.path.split('/').at(-1) || 'file', new Blob([file.bytes]))}
      >
        Download
      </Button>
    </>
  );
}
