import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { type AnalysisArchiveTransitionRule, archivesOperations } from '#contract/archives.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { plural } from '../format/words.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { announce } from '../states/announce.ts';
import { Badge } from '../states/badge.tsx';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { ArchiveLinks } from './archive-links.tsx';
import { RuleDialog } from './rule-dialog.tsx';

const REFRESHES = [archivesOperations.list_analysis_archive_rules, archivesOperations.list_archives];

/** When a rule takes effect, as a sentence. */
function condition(rule: AnalysisArchiveTransitionRule): string {
  const parts = [
    rule.analysis_age_days ? `analysed more than ${plural(rule.analysis_age_days, 'day')} ago` : '',
    rule.tag_versions_newer ? `${plural(rule.tag_versions_newer, 'newer image')} under the tag` : '',
    rule.max_images_per_account ? `more than ${plural(rule.max_images_per_account, 'image')} in the account` : '',
    rule.exclude?.last_seen_in_days ? `not running for ${plural(rule.exclude.last_seen_in_days, 'day')}` : '',
  ].filter(Boolean);
  return parts.join(', ') || 'at once';
}

const COLUMNS: Column<AnalysisArchiveTransitionRule>[] = [
  {
    id: 'action',
    title: 'What',
    width: 150,
    value: (row) => row.transition,
    cell: ({ transition }) => (
      <Badge tone={transition === 'archive' ? 'low' : 'high'}>
        {transition === 'archive' ? 'Archive' : 'Delete from archive'}
      </Badge>
    ),
  },
  {
    id: 'images',
    title: 'Images',
    least: 160,
    mono: true,
    value: ({ selector }) => `${selector?.registry ?? '*'}/${selector?.repository ?? '*'}`,
  },
  { id: 'when', title: 'When', least: 200, from: 600, wrap: true, value: condition },
  {
    id: 'scope',
    title: 'Of',
    width: 130,
    from: 900,
    value: (row) => (row.system_global ? 'all accounts' : 'this account'),
  },
  {
    id: 'delete',
    title: '',
    width: 100,
    sortable: false,
    searchable: false,
    value: () => undefined,
    cell: (row) => <Delete rule={row} />,
  },
];

/** Rules that put analyses away by themselves. */
export function RulesPage() {
  const mayAdd = useMay('createArchiveTransitionRule');
  const [adding, dialog] = useDisclosure(false);
  const rules = useOperation(archivesOperations.list_analysis_archive_rules, { query: { system_global: true } });
  return (
    <>
      <PageTitle title="Archive" about="Rules put analyses away, or delete them from the archive, by themselves.">
        {mayAdd ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
            Add rule
          </Button>
        ) : null}
      </PageTitle>
      <ArchiveLinks />
      <DataTable
        label="Archive rules"
        columns={COLUMNS}
        rows={rules.data}
        rowKey={(row) => row.rule_id ?? ''}
        error={rules.error}
        retry={() => void rules.refetch()}
        empty={<Nothing title="No archive rules">Images stay until somebody archives or deletes them.</Nothing>}
      />
      {adding ? <RuleDialog refreshes={REFRESHES} onClose={dialog.close} /> : null}
    </>
  );
}

function Delete({ rule }: { rule: AnalysisArchiveTransitionRule }) {
  const may = useMay('deleteArchiveTransitionRule');
  const remove = useAction(archivesOperations.delete_analysis_archive_rule, {
    refreshes: REFRESHES,
    onDone: () => announce('The rule was deleted'),
  });
  if (!may) return null;
  return (
    <ConfirmButton
      size="compact-xs"
      label="Delete"
      name={`Delete the rule of ${rule.selector?.registry ?? '*'}/${rule.selector?.repository ?? '*'}`}
      title="Delete this rule?"
      confirm="Delete"
      action={remove}
      onConfirm={(close) => remove.mutate({ params: { rule_id: rule.rule_id ?? '' } }, { onSuccess: close })}
    >
      What it did stays as it is.
    </ConfirmButton>
  );
}
