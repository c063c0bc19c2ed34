import { Anchor, Group, List, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { windlassOperations } from '#contract/windlass.ts';
import { type FeedBuild, windlassFeedsOperations } from '#contract/windlass-feeds.ts';
import { useAction } from '../api/operation-action.ts';
import { formatCount } from '../format/number.ts';
import { formatSize } from '../format/size.ts';
import { formatTime } from '../format/time.ts';
import { sentenceCase } from '../format/words.ts';
import { useMay } from '../session/session.ts';
import { Ago } from '../states/ago.tsx';
import { announce } from '../states/announce.ts';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { Copyable } from '../states/copyable.tsx';
import { DetailDrawer } from '../states/detail-drawer.tsx';
import { Fact, Facts } from '../states/facts.tsx';
import { Notice } from '../states/notice.tsx';
import { BuildState } from './build-state.tsx';

/** One build: where it came from, what is odd about it, and what to do with it. */
export function BuildDrawer({ build, onClose }: { build: FeedBuild | undefined; onClose: () => void }) {
  return (
    <DetailDrawer opened={build !== undefined} onClose={onClose} title="Build">
      {build ? <Details build={build} /> : null}
    </DetailDrawer>
  );
}

function Details({ build }: { build: FeedBuild }) {
  const anomalies = Object.entries(build.report?.anomalies ?? {});
  return (
    <Stack gap="lg">
      {build.error ? (
        <Notice kind="failure" title="It cannot be used">
          {build.error}
        </Notice>
      ) : null}
      {build.reasons.length > 0 ? (
        <Notice kind="warning" title="Why it was held">
          <List size="sm">
            {build.reasons.map((reason) => (
              <List.Item key={reason}>{reason}</List.Item>
            ))}
          </List>
        </Notice>
      ) : null}
      <Decision build={build} />
      <Copyable value={build.checksum} label="checksum" />
      <Facts>
        <Fact name="State">
          <BuildState state={build.state} />
        </Fact>
        <Fact name="Records">{formatCount(build.records)}</Fact>
        <Fact name="Size">{formatSize(build.archive_size)}</Fact>
        <Fact name="Built">{formatTime(build.built_at)}</Fact>
        <Fact name="Received">{formatTime(build.received_at)}</Fact>
        <Fact name="In use since">{build.switched_at ? formatTime(build.switched_at) : null}</Fact>
        <Fact name="Format">{build.schema_version}</Fact>
        <Fact name="Decided by">{build.decided_by}</Fact>
        <Fact name="Decided">{build.decided_at ? <Ago time={build.decided_at} /> : null}</Fact>
      </Facts>
      <section>
        <Title order={3} mb="xs">
          Sources
        </Title>
        {build.sources.map((source) => (
          <Text key={source.name} size="sm">
            <b>{source.name}</b>, {formatSize(source.size)}
            {source.captured_at ? `, of ${formatTime(source.captured_at)}` : ''}
          </Text>
        ))}
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          From {build.source}
        </Text>
      </section>
      {anomalies.length > 0 ? (
        <section>
          <Title order={3} mb="xs">
            What could not be taken as it should
          </Title>
          <Facts>
            {anomalies.map(([name, count]) => (
              <Fact key={name} name={sentenceCase(name)}>
                {formatCount(count)}
              </Fact>
            ))}
          </Facts>
        </section>
      ) : null}
      {build.switched_at ? (
        <Anchor
          size="sm"
          renderRoot={(props) => <Link to="/feeds/changes" search={{ to: build.checksum }} {...props} />}
        >
          What it changed
        </Anchor>
      ) : null}
    </Stack>
  );
}

function Decision({ build }: { build: FeedBuild }) {
  const may = useMay('updateFeeds', 'system');
  const refreshes = [windlassOperations.list_feed_builds, windlassFeedsOperations.list_feed_providers];
  const approve = useAction(windlassFeedsOperations.approve_feed_build, {
    refreshes,
    onDone: () => announce('The build will be used'),
  });
  const reject = useAction(windlassFeedsOperations.reject_feed_build, {
    refreshes,
    onDone: () => announce('The build was rejected'),
  });
  if (!may || build.state !== 'held') return null;
  const params = { checksum: build.checksum };
  return (
    <Group gap="xs">
      <ConfirmButton
        label="Use it"
        variant="filled"
        title="Use this build?"
        confirm="Use it"
        danger={false}
        action={approve}
        onConfirm={(close) => approve.mutate({ params }, { onSuccess: close })}
      >
        All images are matched against it, in spite of: {build.reasons.join(' ')}
      </ConfirmButton>
      <ConfirmButton
        label="Reject it"
        title="Reject this build?"
        confirm="Reject it"
        action={reject}
        onConfirm={(close) => reject.mutate({ params }, { onSuccess: close })}
      >
        It is never used; the build in use stays until another one arrives.
      </ConfirmButton>
    </Group>
  );
}
