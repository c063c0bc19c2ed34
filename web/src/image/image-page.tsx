import { Group, Tabs, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconChevronLeft } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { AnchoreImage } from '#contract/images-schemas.ts';
import type { ImageOverview } from '#contract/windlass.ts';
import { windlassOperations } from '#contract/windlass.ts';
import { operationKey } from '../api/operation-query.ts';
import { NoDataNotice } from '../feeds/no-data-notice.tsx';
import { plural, shortDigest } from '../format/words.ts';
import { AnalysisState } from '../images/analysis-state.tsx';
import { VerdictBadge } from '../severity/verdict-badge.tsx';
import { Answer } from '../states/answer.tsx';
import { Copyable } from '../states/copyable.tsx';
import { ErrorBoundary } from '../states/error-boundary.tsx';
import { Notice } from '../states/notice.tsx';
import classes from './image.module.css';
import { ImageMenu } from './image-menu.tsx';
import { useImage, useImageDigest, useImageOverview } from './use-image.ts';

const TABS = [
  { value: 'overview', name: 'Overview', to: '/images/$digest' },
  { value: 'vulnerabilities', name: 'Vulnerabilities', to: '/images/$digest/vulnerabilities' },
  { value: 'contents', name: 'Contents', to: '/images/$digest/contents' },
  { value: 'policy-check', name: 'Policy check', to: '/images/$digest/policy-check' },
  { value: 'compliance', name: 'Compliance', to: '/images/$digest/compliance' },
  { value: 'history', name: 'History', to: '/images/$digest/history' },
  { value: 'running', name: 'Runs in', to: '/images/$digest/running' },
] as const;

/** One image: what it is at the top, its tabs below. */
export function ImagePage() {
  const digest = useImageDigest();
  const image = useImage();
  const overview = useImageOverview();
  const queries = useQueryClient();
  const status = image.data?.analysis_status;
  // the counts of the overview come with the end of the analysis
  useEffect(() => {
    if (status === 'analyzed')
      void queries.invalidateQueries({ queryKey: operationKey(windlassOperations.list_image_overview) });
  }, [status, queries]);
  const tags = image.data?.image_detail?.flatMap((detail) => detail.full_tag ?? []) ?? [];
  useDocumentTitle(`${tags[0] ?? shortDigest(digest)} · Windlass`);
  return (
    <>
      <Link to="/images" className={classes.back}>
        <IconChevronLeft size={16} aria-hidden />
        Images
      </Link>
      <Answer of={image} what="Loading the image">
        {(data) => (
          <>
            <ImageHeader image={data} overview={overview.data} tags={tags} digest={digest} />
            <NoDataNotice />
            {data.analysis_status === 'analyzed' ? <ImageTabs digest={digest} overview={overview.data} /> : null}
          </>
        )}
      </Answer>
    </>
  );
}

function ImageHeader(props: {
  image: AnchoreImage;
  overview: ImageOverview | undefined;
  tags: string[];
  digest: string;
}) {
  const { image, overview, tags, digest } = props;
  const status = image.analysis_status ?? 'not_analyzed';
  const [tag] = tags;
  return (
    <>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm" mb="md">
        <div style={{ minWidth: 0 }}>
          <Group gap="sm" mb={2}>
            <Title order={1} style={{ overflowWrap: 'anywhere' }}>
              {tag ?? shortDigest(digest)}
            </Title>
            {overview?.final_action ? <VerdictBadge outcome={overview.final_action} /> : null}
            {tags.length > 1 ? (
              <Text size="sm" c="dimmed">
                and {plural(tags.length - 1, 'more tag')}
              </Text>
            ) : null}
          </Group>
          <Text component="div" size="sm" c="dimmed">
            <Copyable value={digest} label="digest" />
          </Text>
        </div>
        <ImageMenu image={image} tag={tag} digest={digest} />
      </Group>
      {image.image_status === 'deleting' ? <Notice kind="warning" mb="md" title="This image is being deleted" /> : null}
      {status === 'analysis_failed' ? (
        <Notice kind="failure" mb="md" title="The analysis failed" role="alert">
          {overview?.progress?.error ?? 'The server gives no reason.'}
        </Notice>
      ) : null}
      {status === 'analyzing' || status === 'not_analyzed' ? (
        <Notice
          kind="news"
          mb="md"
          title={status === 'analyzing' ? 'The image is being analysed' : 'The image waits for analysis'}
        >
          <AnalysisState
            image={{ analysis_status: status, ...(overview?.progress ? { progress: overview.progress } : {}) }}
          />
        </Notice>
      ) : null}
    </>
  );
}

function ImageTabs({ digest, overview }: { digest: string; overview: ImageOverview | undefined }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const navigate = useNavigate();
  const current = TABS.find((tab) => path.endsWith(`/${tab.value}`))?.value ?? 'overview';
  const counts = overview?.vulnerabilities;
  const found = counts
    ? counts.critical + counts.high + counts.medium + counts.low + counts.negligible + counts.unknown
    : undefined;
  return (
    <Tabs
      value={current}
      onChange={(value) => {
        const tab = TABS.find((one) => one.value === value);
        if (tab) void navigate({ to: tab.to, params: { digest } });
      }}
      keepMounted={false}
    >
      <Tabs.List mb="md" className={classes.tabs}>
        {TABS.map((tab) => (
          <Tabs.Tab key={tab.value} value={tab.value}>
            {tab.name}
            {tab.value === 'vulnerabilities' && found !== undefined ? (
              <span className={classes.tabCount}>{found.toLocaleString('en')}</span>
            ) : null}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={current}>
        <ErrorBoundary resetKey={path}>
          <Outlet />
        </ErrorBoundary>
      </Tabs.Panel>
    </Tabs>
  );
}
