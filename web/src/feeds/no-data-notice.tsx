import { Anchor } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { feedsOperations } from '#contract/feeds.ts';
import { useOperation } from '../api/operation-query.ts';
import { Notice } from '../states/notice.tsx';

/** Warns as long as there is no vulnerability data: until then no image has findings, whatever it holds. */
export function NoDataNotice() {
  const feeds = useOperation(
    feedsOperations.get_system_feeds,
    {},
    {
      staleMs: 30_000,
      every: (list) => (list?.some((feed) => feed.dataset_checksum) ? false : 5_000),
    },
  );
  if (!feeds.data || feeds.data.some((feed) => feed.dataset_checksum)) return null;
  return (
    <Notice kind="warning" mb="md" icon={<IconAlertTriangle aria-hidden />} title="There is no vulnerability data yet">
      Images have no findings until the first synchronisation ends. See{' '}
      <Anchor inherit renderRoot={(props) => <Link to="/feeds" {...props} />} underline="always">
        feeds and jobs
      </Anchor>
      .
    </Notice>
  );
}
