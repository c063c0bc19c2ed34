import { Anchor } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { windlassOperations } from '#contract/windlass.ts';
import { type FeedBuild, windlassFeedsOperations } from '#contract/windlass-feeds.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { announce } from '../states/announce.ts';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { Nothing } from '../states/nothing.tsx';
import { Notice } from '../states/notice.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { BuildDrawer } from './build-drawer.tsx';
import { BuildState, buildStateWord } from './build-state.tsx';
import { FeedLinks } from './feed-links.tsx';

const route = getRouteApi('/app/feeds/builds');

function columns(open: (build: FeedBuild) => void): Column<FeedBuild>[] {
  return [
    {
      id: 'built',
      title: 'Built',
      width: 130,
      descendingFirst: true,
      value: (build) => build.built_at,
      cell: (build) => (
        <Anchor component="button" type="button" size="sm" fw={600} onClick={() => open(build)}>
          <Ago time={build.built_at} />
        </Anchor>
      ),
    },
    {
      id: 'state',
      title: 'State',
      width: 120,
      value: (build) => buildStateWord(build.state),
      cell: (build) => <BuildState state={build.state} />,
    },
    {
      id: 'records',
      title: 'Records',
      width: 110,
      align: 'right',
      from: 500,
      descendingFirst: true,
      value: (build) => build.records,
    },
    {
      id: 'why',
      title: 'Why',
      least: 200,
      from: 800,
      value: (build) => build.error ?? (build.reasons.join(' ') || undefined),
    },
    {
      id: 'received',
      title: 'Received',
      width: 124,
      from: 700,
      value: (build) => build.received_at,
      cell: (build) => <Ago time={build.received_at} />,
    },
    {
      id: 'checksum',
      title: 'Checksum',
      width: 150,
      mono: true,
      from: 1100,
      value: (build) => build.checksum.slice(7, 19),
    },
  ];
}

/** Builds of the vulnerability data that the installation knows. */
export function BuildsPage() {
  const { build: shown } = route.useSearch();
  const navigate = useNavigate();
  const mayDecide = useMay('updateFeeds', 'system');
  const builds = useOperation(windlassOperations.list_feed_builds, {}, { every: () => 10_000 });
  const rollback = useAction(windlassFeedsOperations.rollback_feed_build, {
    refreshes: [windlassOperations.list_feed_builds, windlassFeedsOperations.list_feed_providers],
    onDone: () => announce('The former build is in use again'),
  });
  const open = useMemo(
    () => (build: FeedBuild) => void navigate({ to: '/feeds/builds', search: { build: build.checksum } }),
    [navigate],
  );
  const shownColumns = useMemo(() => columns(open), [open]);
  const items = builds.data?.items;
  const held = items?.filter(({ state }) => state === 'held') ?? [];
  return (
    <>
      <PageTitle
        title="Feeds and jobs"
        about="Builds of the vulnerability data. A build that looks wrong is held until somebody decides."
      >
        {mayDecide && items?.some(({ state }) => state === 'previous') ? (
          <ConfirmButton
            label="Go back to the former build"
            title="Go back to the former build?"
            confirm="Go back"
            action={rollback}
            onConfirm={(close) => rollback.mutate({}, { onSuccess: close })}
          >
            All images are matched against the former build again. The one in use now is held.
          </ConfirmButton>
        ) : null}
      </PageTitle>
      <FeedLinks />
      {held[0] ? (
        <Notice kind="warning" mb="md" title="A build waits for a decision">
          {held[0].reasons.join(' ')}{' '}
          <Anchor component="button" type="button" inherit underline="always" onClick={() => held[0] && open(held[0])}>
            Look at it
          </Anchor>
        </Notice>
      ) : null}
      <DataTable
        label="Builds"
        columns={shownColumns}
        rows={items}
        rowKey={(build) => build.checksum}
        error={builds.error}
        retry={() => void builds.refetch()}
        sort={{ id: 'received', descending: true }}
        onRowClick={open}
        empty={<Nothing title="No build has arrived yet" />}
      />
      <BuildDrawer
        build={items?.find(({ checksum }) => checksum === shown)}
        onClose={() => void navigate({ to: '/feeds/builds', search: {} })}
      />
    </>
  );
}
