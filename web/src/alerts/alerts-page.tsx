import { Anchor, Button, SegmentedControl } from '@mantine/core';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { alertsOperations, type ComplianceViolationAlert } from '#contract/alerts.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { announce, announceError } from '../states/announce.ts';
import { Badge } from '../states/badge.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { Pager } from '../table/pager.tsx';
import type { AlertsSearch } from './alerts-search.ts';

const route = getRouteApi('/app/alerts');
const PAGE_SIZE = 100;

/** Tags that violate the policy, while an alert subscription watches them. */
export function AlertsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const mayClose = useMay('updateAlert');
  const { state = 'open', image, page = 1 } = search;
  const alerts = useOperation(
    alertsOperations.get_compliance_violation_alerts,
    {
      query: {
        state,
        page: String(page),
        limit: String(PAGE_SIZE),
        ...(image ? { resource_image_digest: image } : {}),
      },
    },
    { keepPrevious: true, every: () => 10_000 },
  );
  const close = useAction(alertsOperations.update_compliance_violation_alert_state, {
    refreshes: [alertsOperations.get_compliance_violation_alerts],
    onDone: () => announce('The alert is closed'),
  });
  const { mutate } = close;
  const columns = useMemo(
    () =>
      alertColumns(
        mayClose
          ? (uuid) =>
              mutate({ params: { uuid }, body: { state: 'closed' } }, { onError: (error) => announceError(error) })
          : undefined,
      ),
    [mutate, mayClose],
  );
  const change = (next: AlertsSearch) => void navigate({ to: '/alerts', search: next, replace: true });
  const rows = alerts.data;
  return (
    <>
      <PageTitle
        title="Alerts"
        about="Watched tags whose image fails the active policy. An alert closes by itself when the tag passes again."
      />
      <DataTable
        label="Alerts"
        columns={columns}
        rows={rows}
        rowKey={(alert) => alert.uuid ?? ''}
        error={alerts.error}
        retry={() => void alerts.refetch()}
        search="Search tag or policy"
        filters={
          <SegmentedControl
            aria-label="Which alerts"
            value={state}
            onChange={(value) =>
              change({ ...(image ? { image } : {}), ...(value === 'open' ? {} : { state: value as 'all' }) })
            }
            data={[
              { value: 'open', label: 'Open' },
              { value: 'closed', label: 'Closed' },
              { value: 'all', label: 'All' },
            ]}
          />
        }
        sort={{ id: 'created', descending: true }}
        csv="windlass-alerts"
        empty={
          <Nothing title={state === 'open' ? 'No alert is open' : 'No alerts'}>
            Alerts are raised for tags with the subscription “Alerts”, which is switched on at the page of an image.
          </Nothing>
        }
        footer={
          <Pager
            page={page}
            more={(rows?.length ?? 0) === PAGE_SIZE}
            onPage={(to) => change({ ...search, page: to })}
          />
        }
      />
    </>
  );
}

function alertColumns(close: ((uuid: string) => void) | undefined): Column<ComplianceViolationAlert>[] {
  return [
    {
      id: 'tag',
      title: 'Tag',
      least: 200,
      value: (alert) => alert.resource?.image_tag,
      cell: ({ resource }) =>
        resource?.image_digest ? (
          <Anchor
            size="sm"
            fw={600}
            className="truncate"
            title={resource.image_tag}
            renderRoot={(props) => (
              <Link to="/images/$digest/policy-check" params={{ digest: resource.image_digest ?? '' }} {...props} />
            )}
          >
            {resource.image_tag ?? resource.image_digest}
          </Anchor>
        ) : (
          resource?.image_tag
        ),
    },
    {
      id: 'state',
      title: 'State',
      width: 96,
      value: (alert) => alert.state,
      cell: ({ state }) => (
        <Badge tone={state === 'open' ? 'critical' : 'unknown'}>{state === 'open' ? 'Open' : 'Closed'}</Badge>
      ),
    },
    {
      id: 'violations',
      title: 'Violations',
      width: 104,
      align: 'right',
      from: 600,
      descendingFirst: true,
      value: (alert) => alert.violations_count,
    },
    {
      id: 'reason',
      title: 'Why',
      least: 160,
      from: 1000,
      value: (alert) => alert.closed_reason ?? alert.compliance_status_reason,
    },
    { id: 'policy', title: 'Policy', least: 140, from: 1200, mono: true, value: (alert) => alert.resource?.policy_id },
    { id: 'closed', title: 'Closed by', width: 130, from: 1300, value: (alert) => alert.closed_by },
    {
      id: 'created',
      title: 'Raised',
      width: 112,
      align: 'right',
      from: 700,
      descendingFirst: true,
      value: (alert) => alert.created_at,
      cell: (alert) => <Ago time={alert.created_at} />,
    },
    {
      id: 'close',
      title: '',
      width: 92,
      sortable: false,
      searchable: false,
      value: () => undefined,
      cell: (alert) =>
        close && alert.state === 'open' ? (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Close the alert of ${alert.resource?.image_tag}`}
            onClick={() => close(alert.uuid ?? '')}
          >
            Close
          </Button>
        ) : null,
    },
  ];
}
