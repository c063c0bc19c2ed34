import { Group, Pagination, Paper, Select, Text } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { windlassOperations } from '#contract/windlass.ts';
import { type ChangeCounts, type FeedChange, windlassExplanationsOperations } from '#contract/windlass-explanations.ts';
import { useOperation } from '../api/operation-query.ts';
import { formatTime } from '../format/time.ts';
import { plural } from '../format/words.ts';
import { changedSearch, type SearchChange } from '../routes/changed-search.ts';
import { severityRank } from '../severity/severity.ts';
import { SeverityBadge } from '../severity/severity-badge.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { Fact, Facts } from '../states/facts.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { ChangeBadge } from './change-badge.tsx';
import { FeedLinks } from './feed-links.tsx';
import type { ChangesSearch } from './feeds-search.ts';

const route = getRouteApi('/app/feeds/changes');
const PAGE_SIZE = 100;

const COLUMNS: Column<FeedChange>[] = [
  {
    id: 'change',
    title: 'Change',
    width: 100,
    value: (row) => row.change,
    cell: (row) => <ChangeBadge change={row.change} />,
  },
  {
    id: 'vulnerability',
    title: 'Vulnerability',
    least: 170,
    value: (row) => row.vulnerability,
    cell: (row) => <b>{row.vulnerability}</b>,
  },
  {
    id: 'severity',
    title: 'Severity',
    width: 110,
    value: (row) => row.severity,
    order: (row) => severityRank(row.severity),
    cell: (row) => <SeverityBadge severity={row.severity} />,
  },
  { id: 'namespace', title: 'Data of', least: 140, from: 900, value: (row) => row.namespace },
  { id: 'packages', title: 'Packages', least: 160, from: 700, value: (row) => row.packages.join(', ') },
  { id: 'images', title: 'Images', width: 84, align: 'right', descendingFirst: true, value: (row) => row.images },
];

/** What changed for the images of the account between two builds. */
export function ChangesPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { from, to, page = 1 } = search;
  const builds = useOperation(windlassOperations.list_feed_builds, {});
  const used = (builds.data?.items ?? []).filter(({ switched_at }) => switched_at !== undefined);
  const changes = useOperation(
    windlassExplanationsOperations.list_feed_changes,
    {
      query: {
        page: String(page),
        limit: String(PAGE_SIZE),
        ...(from ? { from } : {}),
        ...(to ? { to } : {}),
      },
    },
    { keepPrevious: true, enabled: used.length > 1 },
  );
  const change = (part: SearchChange<ChangesSearch>) =>
    void navigate({ to: '/feeds/changes', search: changedSearch(search, { page: undefined, ...part }), replace: true });
  const choices = used.map(({ checksum, built_at, state }) => ({
    value: checksum,
    label: `${formatTime(built_at)}${state === 'current' ? ', in use' : ''}`,
  }));
  const pages = Math.ceil((changes.data?.total_rows ?? 0) / PAGE_SIZE);
  return (
    <>
      <PageTitle
        title="Feeds and jobs"
        about="What a build of the vulnerability data changed for the images of this account."
      />
      <FeedLinks />
      {builds.data && used.length < 2 ? (
        <Paper>
          <Nothing title="There is nothing to compare yet">
            Only one build has been in use. When the next one arrives, what it changed is listed here.
          </Nothing>
        </Paper>
      ) : (
        <>
          <Group gap="xs" mb="md">
            <Select
              aria-label="From build"
              placeholder="The build before"
              data={choices}
              value={from ?? null}
              onChange={(value) => change({ from: value ?? undefined })}
              clearable
              w={260}
            />
            <Text size="sm" c="dimmed">
              to
            </Text>
            <Select
              aria-label="To build"
              placeholder="The build in use"
              data={choices}
              value={to ?? null}
              onChange={(value) => change({ to: value ?? undefined })}
              clearable
              w={260}
            />
          </Group>
          {changes.data ? (
            <Paper p="md" mb="md">
              <Facts>
                <Fact name="Added">{counts(changes.data.added)}</Fact>
                <Fact name="Removed">{counts(changes.data.removed)}</Fact>
                <Fact name="Changed">{counts(changes.data.changed)}</Fact>
              </Facts>
            </Paper>
          ) : null}
          <DataTable
            label="Changes"
            columns={COLUMNS}
            rows={changes.data?.items}
            rowKey={(row) => `${row.change} ${row.namespace} ${row.vulnerability}`}
            error={changes.error ?? builds.error}
            retry={() => void changes.refetch()}
            search="Search vulnerability or package"
            sort={{ id: 'images', descending: true }}
            csv="windlass-feed-changes"
            empty={<Nothing title="Nothing changed">No finding of this account came, went or changed.</Nothing>}
            footer={
              pages > 1 ? (
                <Group justify="center" mt="md">
                  <Pagination
                    total={pages}
                    value={page}
                    onChange={(next) => change({ page: next })}
                    getControlProps={(control) => ({ 'aria-label': `${control} page` })}
                    getItemProps={(number) => ({ 'aria-label': `Page ${number}` })}
                  />
                </Group>
              ) : null
            }
          />
        </>
      )}
    </>
  );
}

function counts({ vulnerabilities, images, findings }: ChangeCounts): string {
  if (findings === 0) return 'nothing';
  return `${plural(vulnerabilities, 'vulnerability', 'vulnerabilities')} in ${plural(images, 'image')}`;
}
