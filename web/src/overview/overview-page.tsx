import { Button, Group, SegmentedControl, Stack } from '@mantine/core';
import { IconCamera, IconChartLine } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { CallResult } from '#client/index.ts';
import { windlassMetricsOperations } from '#contract/windlass-metrics.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { NoDataNotice } from '../feeds/no-data-notice.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { announceError } from '../states/announce.ts';
import { Answer } from '../states/answer.tsx';
import { Nothing } from '../states/nothing.tsx';
import { type Collection, evaluationFigures, stockFigures, vulnerabilityFigures } from './metrics.ts';
import { type OverviewSearch, SPANS, type Span } from './overview-search.ts';
import { Widget } from './widget.tsx';

const route = getRouteApi('/app/overview');
const operations = windlassMetricsOperations;
const DAY = 86_400_000;
/** Steps of a chart, about. */
const STEPS = 120;
const HOUR = 3_600;

/** How many vulnerabilities, verdicts and images there are, and how that changed. */
export function OverviewPage() {
  const search = route.useSearch();
  const { collection = 'current', span = 'week' } = search;
  const navigate = useNavigate();
  const change = (next: OverviewSearch) => void navigate({ to: '/overview', search: next, replace: true });
  const metrics = useOperation(
    operations.list_metric_series,
    { query: askedWindow(span) },
    { keepPrevious: true, every: () => 5 * 60_000 },
  );
  const sample = useAction(operations.take_metric_sample, { refreshes: [operations.list_metric_series] });
  const latest = metrics.data?.items
    .flatMap(({ points }) => points.at(-1)?.at ?? [])
    .sort()
    .at(-1);
  return (
    <>
      <PageTitle
        title="Overview"
        about={
          latest ? <>Counted each hour; the newest sample is from {<Ago time={latest} />}.</> : 'Counted each hour.'
        }
      >
        <Button
          variant="default"
          leftSection={<IconCamera size={16} aria-hidden />}
          loading={sample.isPending}
          onClick={() => sample.mutate({}, { onError: announceError })}
        >
          Count now
        </Button>
      </PageTitle>
      <NoDataNotice />
      <Group gap="sm" mb="md">
        <SegmentedControl
          aria-label="Which images"
          value={collection}
          onChange={(value) => change({ ...(span === 'week' ? {} : { span }), ...collectionPart(value) })}
          data={[
            { value: 'current', label: 'Current tags' },
            { value: 'all', label: 'All tags' },
          ]}
        />
        <SegmentedControl
          aria-label="Time"
          value={span}
          onChange={(value) => change({ ...collectionPart(collection), span: value as Span })}
          data={(Object.keys(SPANS) as Span[]).map((value) => ({
            value,
            label: value.charAt(0).toUpperCase() + value.slice(1),
          }))}
        />
      </Group>
      <Answer of={metrics} what="Loading the metrics">
        {(data) => <Widgets data={data} collection={collection} />}
      </Answer>
    </>
  );
}

const collectionPart = (value: string): OverviewSearch => (value === 'all' ? { collection: 'all' } : {});

/** What is asked for a window: about as many steps as a chart has room for, on whole hours. */
function askedWindow(span: Span): { start: string; step_seconds: string } {
  const seconds = SPANS[span] * 86_400;
  const step = Math.max(HOUR, Math.round(seconds / STEPS / HOUR) * HOUR);
  // on the hour, so that the answer is kept while the page is looked at
  const start = Math.floor((Date.now() - SPANS[span] * DAY) / (HOUR * 1_000)) * HOUR * 1_000;
  return { start: new Date(start).toISOString(), step_seconds: String(step) };
}

function Widgets({
  data,
  collection,
}: {
  data: CallResult<typeof operations.list_metric_series>;
  collection: Collection;
}) {
  const vulnerabilities = useMemo(() => vulnerabilityFigures(collection), [collection]);
  const evaluations = useMemo(() => evaluationFigures(collection), [collection]);
  const stock = useMemo(() => stockFigures(), []);
  const range = { start: Date.parse(data.start), end: Date.parse(data.end), series: data.items };
  if (data.items.every(({ points }) => points.length === 0))
    return (
      <Nothing title="Nothing was counted yet" icon={<IconChartLine size={36} stroke={1.4} aria-hidden />}>
        The first sample is taken within the hour. <b>Count now</b> takes one at once.
      </Nothing>
    );
  return (
    <Stack gap="md">
      <Widget
        key={`vulnerabilities ${collection}`}
        title="Vulnerabilities"
        about="Each counts once for each tag that has it."
        figures={vulnerabilities}
        {...range}
      />
      <Widget
        key={`evaluations ${collection}`}
        title="Policy evaluations"
        about="Tags by the verdict of the active policy."
        figures={evaluations}
        {...range}
      />
      <Widget title="Images and tags" about="What the account holds." figures={stock} {...range} />
    </Stack>
  );
}
