import { Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ImageOverview } from '#contract/windlass.ts';
import { formatCount } from '../format/number.ts';
import { SeverityBar } from '../severity/severity-bar.tsx';
import { Answer } from '../states/answer.tsx';
import { TagSubscriptions } from '../subscriptions/tag-subscriptions.tsx';
import { Ancestors } from './ancestors.tsx';
import { Coverage } from './coverage.tsx';
import classes from './image.module.css';
import { ImageFacts } from './image-facts.tsx';
import { PolicySummary } from './policy-summary.tsx';
import { SbomDownloads } from './sbom-downloads.tsx';
import { useImage, useImageOverview } from './use-image.ts';

/** What an image is and how it stands, at a glance. */
export function OverviewTab() {
  const overview = useImageOverview();
  const image = useImage();
  return (
    <Stack gap="md">
      <Answer of={overview}>
        {(row) => (
          <>
            <Coverage problems={row.problems ?? []} />
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
              <Findings row={row} />
              <PolicySummary row={row} />
            </SimpleGrid>
          </>
        )}
      </Answer>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Answer of={image}>{(data) => <ImageFacts image={data} />}</Answer>
        <Stack gap="md">
          <SbomDownloads />
          <TagSubscriptions tags={image.data?.image_detail?.flatMap(({ full_tag }) => full_tag ?? []) ?? []} />
          <Ancestors />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

function Findings({ row }: { row: ImageOverview }) {
  const counts = row.vulnerabilities;
  return (
    <Paper p="md">
      <Title order={2} mb="md">
        Vulnerabilities
      </Title>
      {counts ? (
        <Stack gap="lg">
          <SeverityBar counts={counts} wide sure={!row.problems?.length} />
          <dl className={classes.figures} style={{ margin: 0 }}>
            <Figure name="With a fix">{formatCount(counts.fixable)}</Figure>
            <Figure name="Known to be exploited">{formatCount(counts.known_exploited)}</Figure>
            <Figure name="Packages">{formatCount(row.packages) || '–'}</Figure>
          </dl>
        </Stack>
      ) : (
        <Text size="sm" c="dimmed">
          Not matched yet.
        </Text>
      )}
    </Paper>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.figure}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
