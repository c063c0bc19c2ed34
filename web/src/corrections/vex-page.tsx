import { Button, FileButton, List } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { type VexDocumentRecord as VexRecord, windlassVexOperations } from '#contract/windlass-vex.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { plural } from '../format/words.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { announce } from '../states/announce.ts';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { Failure } from '../states/failure.tsx';
import { Nothing } from '../states/nothing.tsx';
import { Notice } from '../states/notice.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { CorrectionLinks } from './correction-links.tsx';

const FORMATS = { openvex: 'OpenVEX', csaf: 'CSAF', cyclonedx: 'CycloneDX' } as const;
const LIST = windlassVexOperations.list_vex_documents;

function columns(mayDelete: boolean): Column<VexRecord>[] {
  return [
    {
      id: 'id',
      title: 'Document',
      least: 220,
      value: (row) => row.document_id,
      cell: (row) => <b title={row.document_id}>{row.document_id}</b>,
    },
    { id: 'format', title: 'Format', width: 116, from: 600, value: (row) => FORMATS[row.format] },
    { id: 'author', title: 'Author', least: 130, from: 900, value: (row) => row.author },
    { id: 'statements', title: 'Statements', width: 108, align: 'right', from: 560, value: (row) => row.statements },
    {
      id: 'problems',
      title: 'Problems',
      width: 104,
      align: 'right',
      from: 800,
      value: (row) => row.problems.length,
      cell: (row) => <span title={row.problems.join('\n')}>{row.problems.length || ''}</span>,
    },
    {
      id: 'imported',
      title: 'Imported',
      width: 116,
      align: 'right',
      from: 700,
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
      cell: (row) => (mayDelete ? <Delete document={row} /> : null),
    },
  ];
}

/** Documents in which others say what vulnerabilities mean. */
export function VexPage() {
  const mayImport = useMay('createVulnAnnotation');
  const mayDelete = useMay('deleteVulnAnnotation');
  const [unreadable, setUnreadable] = useState<unknown>();
  const list = useOperation(LIST, {});
  const add = useAction(windlassVexOperations.import_vex_document, {
    refreshes: [LIST],
    onDone: ({ statements }) => announce(`${plural(statements, 'statement')} imported`),
  });
  const shownColumns = useMemo(() => columns(mayDelete), [mayDelete]);

  async function read(file: File | null): Promise<void> {
    if (!file) return;
    const text = await file.text();
    const contentType = text.trimStart().startsWith('<') ? 'application/xml' : 'application/json';
    add.mutate({ query: { name: file.name }, raw: text, contentType });
  }

  const problems = add.data?.problems ?? [];
  return (
    <>
      <PageTitle
        title="Corrections and VEX"
        about="Imported documents say which findings do not matter. Annotations made here go before them."
      >
        {mayImport ? (
          <FileButton
            accept=".json,.xml,application/json,application/xml"
            onChange={(file) => {
              setUnreadable(undefined);
              read(file).catch(setUnreadable);
            }}
          >
            {(props) => (
              <Button {...props} loading={add.isPending} leftSection={<IconFileUpload size={16} aria-hidden />}>
                Import document
              </Button>
            )}
          </FileButton>
        ) : null}
      </PageTitle>
      <CorrectionLinks />
      {(add.error ?? unreadable) ? <Failure error={add.error ?? unreadable} /> : null}
      {problems.length > 0 ? (
        <Notice kind="warning" mb="md" title="A part of the document cannot be used">
          <List size="sm">
            {problems.slice(0, 20).map((problem) => (
              <List.Item key={problem}>{problem}</List.Item>
            ))}
          </List>
        </Notice>
      ) : null}
      <DataTable
        label="VEX documents"
        columns={shownColumns}
        rows={list.data?.items}
        rowKey={(row) => row.uuid}
        error={list.error}
        retry={() => void list.refetch()}
        search="Search documents"
        sort={{ id: 'imported', descending: true }}
        csv="windlass-vex-documents"
        empty={<Nothing title="No VEX document was imported">OpenVEX, CSAF 2.0 and CycloneDX are understood.</Nothing>}
      />
    </>
  );
}

function Delete({ document }: { document: VexRecord }) {
  const remove = useAction(windlassVexOperations.delete_vex_document, {
    refreshes: [LIST],
    onDone: () => announce('The document was deleted'),
  });
  return (
    <ConfirmButton
      size="compact-xs"
      label="Delete"
      name={`Delete ${document.document_id}`}
      title="Delete this document?"
      confirm="Delete"
      action={remove}
      onConfirm={(close) => remove.mutate({ params: { document_uuid: document.uuid } }, { onSuccess: close })}
    >
      Findings that only it settled are open again.
    </ConfirmButton>
  );
}
