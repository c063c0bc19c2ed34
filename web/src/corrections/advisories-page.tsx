import { Anchor, Button, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { z } from 'zod';
import { type PrivateAdvisory, windlassAdvisoriesOperations } from '#contract/windlass-advisories.ts';
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
import { AdvisoryDialog } from './advisory-dialog.tsx';
import { CorrectionLinks } from './correction-links.tsx';

type Advisory = z.output<typeof PrivateAdvisory>;
const LIST = windlassAdvisoriesOperations.list_private_advisories;
const LIMIT = 1000;

const packages = ({ document }: Advisory) =>
  (document.affected ?? []).map((one) => `${one.package.ecosystem}/${one.package.name}`).join(', ');

function columns(edit: (row: Advisory) => void, mayDelete: boolean): Column<Advisory>[] {
  return [
    {
      id: 'id',
      title: 'Advisory',
      width: 190,
      value: (row) => String(row.document.id),
      cell: (row) => (
        <Anchor component="button" type="button" size="sm" fw={600} onClick={() => edit(row)}>
          {String(row.document.id)}
        </Anchor>
      ),
    },
    { id: 'summary', title: 'Summary', least: 180, from: 700, value: (row) => row.document.summary },
    { id: 'packages', title: 'Packages', least: 160, value: packages },
    {
      id: 'problems',
      title: 'Problems',
      width: 100,
      align: 'right',
      from: 900,
      value: (row) => row.problems.length,
      cell: (row) => <span title={row.problems.join('\n')}>{row.problems.length || ''}</span>,
    },
    { id: 'by', title: 'By', width: 120, from: 1100, value: (row) => row.created_by },
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
      from: 560,
      sortable: false,
      searchable: false,
      value: () => undefined,
      cell: (row) => (mayDelete ? <Delete advisory={row} /> : null),
    },
  ];
}

/** Vulnerabilities that only this account knows of. */
export function AdvisoriesPage() {
  const mayAdd = useMay('addCorrection');
  const mayDelete = useMay('deleteCorrection');
  const [shown, setShown] = useState<Advisory | 'new'>();
  const list = useOperation(LIST, { query: { limit: String(LIMIT) } });
  const shownColumns = useMemo(() => columns(setShown, mayDelete), [mayDelete]);
  const total = list.data?.total_rows ?? 0;
  return (
    <>
      <PageTitle
        title="Corrections and VEX"
        about="Advisories of your own, in the OSV format. Only images of this account are matched against them."
      >
        {mayAdd ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setShown('new')}>
            Add advisory
          </Button>
        ) : null}
      </PageTitle>
      <CorrectionLinks />
      <DataTable
        label="Private advisories"
        columns={shownColumns}
        rows={list.data?.items}
        rowKey={(row) => String(row.document.id)}
        error={list.error}
        retry={() => void list.refetch()}
        search="Search id, summary or package"
        sort={{ id: 'changed', descending: true }}
        empty={<Nothing title="No private advisories">Add one for a flaw in a package of your own.</Nothing>}
        footer={
          total > LIMIT ? (
            <Text size="sm" c="dimmed" mt="xs">
              The first {LIMIT} of {total} are listed.
            </Text>
          ) : null
        }
      />
      {shown ? (
        <AdvisoryDialog
          {...(shown === 'new' ? {} : { document: shown.document, problems: shown.problems })}
          onClose={() => setShown(undefined)}
        />
      ) : null}
    </>
  );
}

function Delete({ advisory }: { advisory: Advisory }) {
  const id = String(advisory.document.id);
  const remove = useAction(windlassAdvisoriesOperations.delete_private_advisory, {
    refreshes: [LIST],
    onDone: () => announce('The advisory was deleted'),
  });
  return (
    <ConfirmButton
      size="compact-xs"
      label="Delete"
      name={`Delete ${id}`}
      title={`Delete ${id}?`}
      confirm="Delete"
      action={remove}
      onConfirm={(close) => remove.mutate({ params: { id } }, { onSuccess: close })}
    >
      Its findings go with it.
    </ConfirmButton>
  );
}
