import { Button, SimpleGrid, Stack } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { type FeedMetadata, feedsOperations } from '#contract/feeds.ts';
import { windlassOperations } from '#contract/windlass.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { useMay, useSession } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { announce } from '../states/announce.ts';
import { Answer } from '../states/answer.tsx';
import { Failure } from '../states/failure.tsx';
import { FeedCard } from './feed-card.tsx';
import { FeedLinks } from './feed-links.tsx';
import { JobsPanel } from './jobs-panel.tsx';

/** The vulnerability data in use, and the work going on in the background. */
export function FeedsPage() {
  const maySync = useMay('updateFeeds', 'system');
  const { is_admin } = useSession();
  const feeds = useOperation(feedsOperations.get_system_feeds, {}, { every: () => 15_000 });
  const sync = useAction(feedsOperations.post_system_feeds, {
    refreshes: [feedsOperations.get_system_feeds, windlassOperations.list_jobs],
    onDone: ({ message }) => announce(message ?? 'The feeds are synchronised'),
  });
  return (
    <>
      <PageTitle title="Feeds and jobs">
        {maySync ? (
          <Button
            leftSection={<IconRefresh size={16} aria-hidden />}
            loading={sync.isPending}
            onClick={() => sync.mutate({ query: {} })}
          >
            Sync now
          </Button>
        ) : null}
      </PageTitle>
      <FeedLinks />
      {sync.error ? <Failure error={sync.error} /> : null}
      <Stack gap="lg">
        <Answer of={feeds} what="Loading the feeds">
          {(list) => <Feeds feeds={list} />}
        </Answer>
        {is_admin ? <JobsPanel /> : null}
      </Stack>
    </>
  );
}

/** The feed with the most sources beside the small ones. */
function Feeds({ feeds }: { feeds: FeedMetadata[] }) {
  const [first, ...others] = feeds;
  if (!first) return null;
  if (others.length === 0) return <FeedCard feed={first} />;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <FeedCard feed={first} />
      <Stack gap="md">
        {others.map((feed) => (
          <FeedCard key={feed.name} feed={feed} />
        ))}
      </Stack>
    </SimpleGrid>
  );
}
