import { Switch } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { eventsOperations } from '#contract/events.ts';
import { useOperation } from '../api/operation-query.ts';
import { changedSearch, type SearchChange } from '../routes/changed-search.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Nothing } from '../states/nothing.tsx';
import { DataTable } from '../table/data-table.tsx';
import { Pager } from '../table/pager.tsx';
import { DeleteEvents } from './delete-events.tsx';
import { eventColumns } from './event-columns.tsx';
import { EventDrawer } from './event-drawer.tsx';
import { EventFilters } from './event-filters.tsx';
import { type EventsSearch, SPANS } from './events-search.ts';

const route = getRouteApi('/app/events');
const PAGE_SIZE = 100;

/** What happened, newest first. */
export function EventsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const mayDelete = useMay('deleteEvents');
  const [live, setLive] = useState(true);
  const { page = 1, event: shown } = search;
  const times = useMemo(() => timesOf(search), [search]);
  const events = useOperation(
    eventsOperations.list_events,
    {
      query: {
        page: String(page),
        limit: String(PAGE_SIZE),
        ...(search.type ? { event_type: search.type } : {}),
        ...(search.level ? { level: search.level } : {}),
        ...(search.resource ? { resource_id: search.resource } : {}),
        ...times,
      },
    },
    { keepPrevious: true, every: () => (live && page === 1 ? 3_000 : false) },
  );
  const change = (part: SearchChange<EventsSearch>) =>
    void navigate({
      to: '/events',
      search: changedSearch(search, 'event' in part ? part : { ...part, page: undefined }),
      replace: !('event' in part),
    });
  const columns = useMemo(
    () => eventColumns((row) => void navigate({ to: '/events', search: { ...search, event: row.event_id ?? '' } })),
    [navigate, search],
  );
  const filtered = Boolean(
    search.type ?? search.level ?? search.resource ?? search.span ?? search.from ?? search.until,
  );
  return (
    <>
      <PageTitle title="Events" about="What happened to images, tags, policies, feeds and clusters.">
        <Switch label="Live" checked={live} onChange={(event) => setLive(event.currentTarget.checked)} mr="sm" />
        {mayDelete ? <DeleteEvents /> : null}
      </PageTitle>
      <DataTable
        label="Events"
        columns={columns}
        rows={events.data ? (events.data.results ?? []) : undefined}
        rowKey={(row) => row.event_id ?? ''}
        error={events.error}
        retry={() => void events.refetch()}
        filters={<EventFilters search={search} onChange={change} />}
        onRowClick={(row) => change({ event: row.event_id ?? '' })}
        csv="windlass-events"
        empty={
          filtered ? (
            <Nothing title="No event matches">Change the filters to see more.</Nothing>
          ) : (
            <Nothing title="Nothing has happened yet">Add an image: the end of its analysis is an event.</Nothing>
          )
        }
        footer={
          <Pager
            page={page}
            more={events.data?.next_page === true}
            onPage={(to) => void navigate({ to: '/events', search: { ...search, page: to } })}
          />
        }
      />
      <EventDrawer id={shown} onClose={() => change({ event: undefined })} />
    </>
  );
}

/** Bounds of time for the server. */
function timesOf({ span, from, until }: EventsSearch): { since?: string; before?: string } {
  if (span) return { since: new Date(Date.now() - SPANS[span]).toISOString() };
  return {
    ...(from ? { since: new Date(from).toISOString() } : {}),
    ...(until ? { before: new Date(until).toISOString() } : {}),
  };
}
