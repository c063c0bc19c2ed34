import { Anchor, Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { type Correction, correctionsOperations } from '#contract/corrections.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { announce } from '../states/announce.ts';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { CorrectionDialog } from './correction-dialog.tsx';
import { CorrectionLinks } from './correction-links.tsx';

const pairs = (fields: Correction['replace'] | undefined) =>
  (fields ?? []).map(({ field_name, field_value }) => `${field_name} = ${field_value}`).join(', ');

function columns(edit: ((row: Correction) => void) | undefined, mayDelete: boolean): Column<Correction>[] {
  return [
    {
      id: 'match',
      title: 'Packages',
      least: 200,
      wrap: true,
      value: (row) => `${row.match.type}: ${pairs(row.match.field_matches) || 'all'}`,
      cell: (row) => {
        const words = (
          <>
            <b>{row.match.type}</b> {pairs(row.match.field_matches) || 'all packages'}
          </>
        );
        return edit ? (
          <Anchor component="button" type="button" size="sm" ta="left" onClick={() => edit(row)}>
            {words}
          </Anchor>
        ) : (
          words
        );
      },
    },
    { id: 'replace', title: 'Are really', least: 200, wrap: true, from: 600, value: (row) => pairs(row.replace) },
    { id: 'about', title: 'Description', least: 160, from: 1000, value: (row) => row.description },
    {
      id: 'changed',
      title: 'Changed',
      width: 116,
      align: 'right',
      from: 800,
      value: (row) => row.last_updated,
      cell: (row) => <Ago time={row.last_updated} />,
    },
    {
      id: 'delete',
      title: '',
      width: 100,
      sortable: false,
      searchable: false,
      value: () => undefined,
      cell: (row) => (mayDelete ? <Delete correction={row} /> : null),
    },
  ];
}

/** Packages that are really called, versioned or named otherwise. */
export function CorrectionsPage() {
  const mayAdd = useMay('addCorrection');
  const mayEdit = useMay('updateCorrection');
  const mayDelete = useMay('deleteCorrection');
  const [shown, setShown] = useState<Correction | 'new'>();
  const list = useOperation(correctionsOperations.get_corrections, { query: {} });
  const shownColumns = useMemo(() => columns(mayEdit ? setShown : undefined, mayDelete), [mayEdit, mayDelete]);
  return (
    <>
      <PageTitle
        title="Corrections and VEX"
        about="A correction says what a package really is. Images are matched again when it changes."
      >
        {mayAdd ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setShown('new')}>
            Add correction
          </Button>
        ) : null}
      </PageTitle>
      <CorrectionLinks />
      <DataTable
        label="Corrections"
        columns={shownColumns}
        rows={list.data}
        rowKey={(row) => row.uuid ?? ''}
        error={list.error}
        retry={() => void list.refetch()}
        search="Search corrections"
        csv="windlass-corrections"
        empty={
          <Nothing title="No corrections">
            Add one when a package is found under a wrong name or version, or is matched by a wrong CPE.
          </Nothing>
        }
      />
      {shown ? (
        <CorrectionDialog {...(shown === 'new' ? {} : { correction: shown })} onClose={() => setShown(undefined)} />
      ) : null}
    </>
  );
}

function Delete({ correction }: { correction: Correction }) {
  const remove = useAction(correctionsOperations.delete_correction_by_uuid, {
    refreshes: [correctionsOperations.get_corrections],
    onDone: () => announce('The correction was deleted'),
  });
  return (
    <ConfirmButton
      size="compact-xs"
      label="Delete"
      name={`Delete the correction of ${pairs(correction.match.field_matches) || correction.match.type}`}
      title="Delete this correction?"
      confirm="Delete"
      action={remove}
      onConfirm={(close) => remove.mutate({ params: { uuid: correction.uuid ?? '' } }, { onSuccess: close })}
    >
      Its packages are matched as they were found, in all images of the account.
    </ConfirmButton>
  );
}
