import { Anchor, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { queryOperations } from '#contract/query.ts';
import { useOperation } from '../../api/operation-query.ts';
import { formatShare } from '../../format/number.ts';
import { SeverityBadge } from '../../severity/severity-badge.tsx';
import { Ago } from '../../states/ago.tsx';
import { Failure } from '../../states/failure.tsx';
import { Annotation } from './annotation.tsx';
import { type Finding, fixOf, isExploited } from './finding.ts';
import { FindingScores } from './finding-scores.tsx';
import classes from './findings.module.css';
import { webLink } from './web-link.ts';
import { Why } from './why.tsx';

/** All that is known of one finding. */
export function FindingDrawer({ finding, onClose }: { finding: Finding | undefined; onClose: () => void }) {
  return (
    <Drawer
      opened={finding !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={finding ? <DrawerTitle finding={finding} /> : null}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {finding ? <Details finding={finding} /> : null}
    </Drawer>
  );
}

function DrawerTitle({ finding }: { finding: Finding }) {
  return (
    <Group gap="sm">
      <Text fw={650} size="lg" span>
        {finding.vuln}
      </Text>
      <SeverityBadge severity={finding.severity} />
      {isExploited(finding) ? <span className={classes.kev}>KEV</span> : null}
    </Group>
  );
}

function Details({ finding }: { finding: Finding }) {
  const record = useOperation(queryOperations.query_vulnerabilities, {
    query: { id: [finding.vuln ?? ''], ...(finding.feed_group ? { namespace: [finding.feed_group] } : {}) },
  });
  const known = record.data?.vulnerabilities?.[0];
  const description =
    finding.description ||
    known?.description ||
    (finding.nvd_data ?? []).find((entry) => entry.description)?.description;
  const links = [...new Set([finding.url, ...(known?.references ?? []).map((reference) => reference.url)])].flatMap(
    (url) => webLink(url) ?? [],
  );
  return (
    <Stack gap="lg">
      {description ? (
        <Text className={classes.description}>{description}</Text>
      ) : (
        <Text size="sm" c="dimmed">
          {record.isLoading ? 'Loading the description…' : 'The vulnerability data has no description of it.'}
        </Text>
      )}
      {record.error ? <Failure error={record.error} retry={() => void record.refetch()} /> : null}
      <Section title="What was said of it">
        <Annotation key={`${finding.vuln} ${finding.package_name} ${finding.package_version}`} finding={finding} />
      </Section>
      <Section title="Why it is reported">
        <Reason finding={finding} />
      </Section>
      <Section title="How it was found">
        <Why
          vulnerability={finding.vuln ?? ''}
          {...(finding.package_name ? { packageName: finding.package_name } : {})}
        />
      </Section>
      <Section title="Scores">
        <FindingScores finding={finding} />
      </Section>
      {links.length ? (
        <Section title="Links">
          <Stack gap={4}>
            {links.slice(0, 30).map((url) => (
              <Anchor
                key={url}
                href={url}
                target="_blank"
                rel="noreferrer"
                size="sm"
                style={{ overflowWrap: 'anywhere' }}
              >
                {url} <IconExternalLink size={13} aria-label="opens a new tab" />
              </Anchor>
            ))}
          </Stack>
        </Section>
      ) : null}
    </Stack>
  );
}

function Reason({ finding }: { finding: Finding }) {
  const fix = fixOf(finding);
  const cpe = finding.package_cpe && finding.package_cpe !== 'None' ? finding.package_cpe : undefined;
  return (
    <dl className={classes.facts}>
      <Fact name="Package">
        <b>{finding.package_name}</b> {finding.package_version} ({finding.package_type})
      </Fact>
      <Fact name="Where">
        {finding.paths[0] === 'pkgdb'
          ? 'Database of the package manager'
          : finding.paths.map((path) => (
              <div key={path} className="mono">
                {path}
              </div>
            ))}
      </Fact>
      <Fact name="Reported by">
        <span className="mono">{finding.feed_group}</span>
      </Fact>
      {cpe ? (
        <Fact name="Found by CPE">
          <span className="mono">{cpe}</span>
        </Fact>
      ) : null}
      {finding.purl ? (
        <Fact name="Package URL">
          <span className="mono">{finding.purl}</span>
        </Fact>
      ) : null}
      <Fact name="Fixed in">
        {fix ? (
          <span className="mono">{fix}</span>
        ) : finding.will_not_fix ? (
          'The vendor will not fix it'
        ) : (
          'No fix is known yet'
        )}
      </Fact>
      {finding.inherited_from_base === true ? <Fact name="Origin">Inherited from the base image</Fact> : null}
      <Fact name="Found">
        <Ago time={finding.detected_at} />
      </Fact>
      {finding.fix_observed_at ? (
        <Fact name="Fix known">
          <Ago time={finding.fix_observed_at} />
        </Fact>
      ) : null}
      {finding.epss?.[0]?.epss === undefined ? null : (
        <Fact name="EPSS">
          {formatShare(finding.epss[0].epss)} chance of exploitation within 30 days
          {finding.epss[0].percentile === undefined ? '' : `, above ${formatShare(finding.epss[0].percentile)} of all`}
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <Title order={3} mb="xs">
        {title}
      </Title>
      {children}
    </section>
  );
}
