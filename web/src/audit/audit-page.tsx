import { Anchor, Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { type AuditEntry, windlassAuditOperations } from '#contract/windlass-audit.ts';
import { useOperation } from '../api/operation-query.ts';
import { sentenceCase } from '../format/words.ts';
import { changedSearch, type SearchChange } from '../routes/changed-search.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { Badge } from '../states/badge.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { AuditDrawer } from './audit-drawer.tsx';
import type { AuditSearch } from './audit-search.ts';
import { Verification } from './verification.tsx';

const route = getRouteApi('/app/audit');
const LIMIT = 200;

function columns(open: (entry: AuditEntry) => void): Column<AuditEntry>[] {
  return [
    {
      id: 'at',
      title: 'When',
      width: 112,
      sortable: false,
      value: (row) => row.at,
      cell: (row) => <Ago time={row.at} />,
    },
    {
      id: 'outcome',
      title: 'Outcome',
      width: 104,
      sortable: false,
      value: (row) => row.outcome,
      cell: ({ outcome, status }) => (
        <Badge tone={outcome === 'success' ? 'good' : 'critical'}>
          {outcome === 'success' ? 'Done' : `Refused ${status}`}
        </Badge>
      ),
    },
    {
      id: 'operation',
      title: 'Operation',
      least: 190,
      sortable: false,
      value: (row) => row.operation,
      cell: (row) => (
        <Anchor
          component="button"
          type="button"
          size="sm"
          fw={600}
          className="truncate"
          maw="100%"
          onClick={() => open(row)}
        >
          {sentenceCase(row.operation)}
        </Anchor>
      ),
    },
    {
      id: 'user',
      title: 'User',
      least: 110,
      from: 560,
      sortable: false,
      value: (row) => row.username ?? 'nobody known',
    },
    { id: 'account', title: 'Account', least: 110, from: 800, sortable: false, value: (row) => row.account_name },
    { id: 'address', title: 'From', width: 140, from: 1000, sortable: false, mono: true, value: (row) => row.address },
    {
      id: 'reason',
      title: 'Why refused',
      least: 150,
      from: 1200,
      sortable: false,
      value: (row) => row.reason ?? undefined,
    },
  ];
}

/** Who changed what. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [shown, setShown] = useState<AuditEntry>();
  const { account, user, operation, outcome, before } = search;
  const entries = useOperation(
    windlassAuditOperations.list_audit_entries,
    {
      query: {
        limit: String(LIMIT),
        ...(account ? { account_name: account } : {}),
        ...(user ? { username: user } : {}),
        ...(operation ? { operation } : {}),
        ...(outcome ? { outcome } : {}),
        ...(before ? { before_id: String(before) } : {}),
      },
    },
    { keepPrevious: true, every: () => (before ? false : 15_000) },
  );
  const change = (part: SearchChange<AuditSearch>) =>
    void navigate({ to: '/audit', search: changedSearch(search, { before: undefined, ...part }), replace: true });
  const shownColumns = useMemo(() => columns(setShown), []);
  const older = entries.data?.next_before_id ?? undefined;
  return (
    <>
      <PageTitle title="Audit log" about="Every change, and every attempt at one. Entries are sealed one to the next.">
        <Verification />
      </PageTitle>
      <DataTable
        label="Audit log"
        columns={shownColumns}
        rows={entries.data?.items}
        rowKey={(row) => String(row.id)}
        error={entries.error}
        retry={() => void entries.refetch()}
        filters={
          <>
            <TextFilter label="User" value={user} onChange={(value) => change({ user: value })} />
            <TextFilter label="Account" value={account} onChange={(value) => change({ account: value })} />
            <TextFilter label="Operation id" value={operation} onChange={(value) => change({ operation: value })} />
            <Select
              aria-label="Outcome"
              placeholder="Any outcome"
              data={[
                { value: 'success', label: 'Done' },
                { value: 'failure', label: 'Refused or failed' },
              ]}
              value={outcome ?? null}
              onChange={(value) => change({ outcome: (value as 'success' | null) ?? undefined })}
              clearable
              w={170}
            />
          </>
        }
        onRowClick={setShown}
        csv="windlass-audit"
        empty={<Nothing title="No entry matches" />}
        footer={
          before || older ? (
            <Group justify="center" mt="md" gap="sm">
              {before ? (
                <Button variant="default" onClick={() => change({})}>
                  Newest
                </Button>
              ) : null}
              <Button variant="default" disabled={!older} onClick={() => change({ before: older })}>
                Older
              </Button>
            </Group>
          ) : null
        }
      />
      <AuditDrawer entry={shown} onClose={() => setShown(undefined)} />
    </>
  );
}

function TextFilter(props: {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const [text, setText] = useState(props.value ?? '');
  const apply = useDebouncedCallback((value: string) => props.onChange(value.trim() || undefined), 400);
  return (
    <TextInput
      aria-label={props.label}
      placeholder={props.label}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        apply(event.currentTarget.value);
      }}
      w={150}
    />
  );
}
