import { Badge, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ExplainedFinding, ExplainedPackage, ImageExplanation } from '#contract/windlass-explanations.ts';
import { plural, sentenceCase } from '../../format/words.ts';
import { Ago } from '../../states/ago.tsx';
import { Notice } from '../../states/notice.tsx';
import classes from './explanation.module.css';
import findings from './findings.module.css';

/** Steps and packages that are shown at once; the API answers with all. */
const SHOWN = 20;

/** An answer: the verdict, and for each package what was found, what rules did, and every record that was held against it. */
export function ExplanationView({ answer }: { answer: ImageExplanation }) {
  return (
    <Stack gap="md">
      <Notice kind={answer.verdict === 'reported' ? 'warning' : 'news'} title={verdictText(answer.verdict)} p="sm">
        {answer.summary}
      </Notice>
      {answer.packages.slice(0, SHOWN).map((pkg) => (
        <PackageTrail
          key={`${pkg.type} ${pkg.name} ${pkg.version} ${pkg.path}`}
          pkg={pkg}
          told={pkg.summary === answer.summary}
        />
      ))}
      {answer.packages.length > SHOWN ? (
        <Text size="sm" c="dimmed">
          and {plural(answer.packages.length - SHOWN, 'more package')}
        </Text>
      ) : null}
      {answer.packages.length === 0 && answer.records.length > 0 ? <Records answer={answer} /> : null}
    </Stack>
  );
}

function Records({ answer }: { answer: ImageExplanation }) {
  return (
    <section>
      <Text size="sm" fw={600} mb={4}>
        Records that exist
      </Text>
      <ul className={classes.steps}>
        {answer.records.slice(0, SHOWN).map((record) => (
          <li key={`${record.namespace} ${record.id}`}>
            <b>{record.id}</b> <span className="mono">{record.namespace}</span>
            {record.packages.length > 0 ? `: ${record.packages.slice(0, 8).join(', ')}` : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `told`: the summary stands above already. */
function PackageTrail({ pkg, told }: { pkg: ExplainedPackage; told: boolean }) {
  return (
    <section className={classes.package}>
      <Text component="div" size="sm" mb={6}>
        <b>{pkg.name}</b> {pkg.version}{' '}
        <Badge variant="default" tt="none">
          {verdictText(pkg.verdict)}
        </Badge>
      </Text>
      <dl className={findings.facts}>
        {told ? null : <Fact name="Why">{pkg.summary}</Fact>}
        <Fact name="Lies in">
          <span className="mono">{pkg.path || 'no path'}</span>
        </Fact>
        {pkg.layer ? (
          <Fact name="Layer">
            {pkg.layer_index === undefined ? null : `${pkg.layer_index + 1}: `}
            <span className="mono">{pkg.layer.slice(0, 19)}</span>
            {pkg.layer_created_by ? <div className="mono">{pkg.layer_created_by}</div> : null}
          </Fact>
        ) : null}
        {pkg.owner ? (
          <Fact name="Owned by">
            {pkg.owner.name} {pkg.owner.version} ({pkg.owner.type})
          </Fact>
        ) : null}
        {pkg.coverage === 'covered' ? null : <Fact name="Data">{sentenceCase(pkg.coverage.replaceAll('-', ' '))}</Fact>}
        {[...pkg.findings, ...pkg.suppressed].map((finding) => (
          <Fact key={`${finding.namespace} ${finding.vulnerability}`} name={finding.rule ? 'Suppressed' : 'Finding'}>
            <FindingFacts finding={finding} />
          </Fact>
        ))}
        {pkg.overlays.map((overlay) => (
          <Fact key={`${overlay.overlay} ${overlay.text}`} name={sentenceCase(overlay.overlay.replaceAll('_', ' '))}>
            {sentenceCase(overlay.effect)}: {overlay.text}
          </Fact>
        ))}
      </dl>
      {pkg.steps.length > 0 ? (
        <details className={classes.trail}>
          <summary>{plural(pkg.steps.length, 'record')} held against it</summary>
          <ul className={classes.steps}>
            {pkg.steps.slice(0, SHOWN).map((step, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a record may be met several times, the list never changes
              <li key={at}>
                <b>{step.outcome.replaceAll('-', ' ')}</b> {step.vulnerability}{' '}
                <span className="mono">{step.namespace}</span>
                <div>{step.reason}</div>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

function FindingFacts({ finding }: { finding: ExplainedFinding }) {
  const by = finding.searched_by;
  return (
    <>
      <b>{finding.vulnerability}</b> <span className="mono">{finding.namespace}</span>
      <div>
        {KINDS[finding.match_kind]} <span className="mono">{by.cpe ?? `${by.name} ${by.version}`}</span>, in the range{' '}
        <span className="mono">{finding.constraint || 'all versions'}</span> ({finding.scheme} order)
      </div>
      {finding.rule ? (
        <div>
          Rule <span className="mono">{finding.rule}</span>: {finding.reason}
        </div>
      ) : null}
      {finding.doubt ? <div>Doubtful: {finding.doubt}</div> : null}
      {finding.first_seen_at ? (
        <div>
          First seen <Ago time={finding.first_seen_at} />
          {finding.opened_by_build ? (
            <>
              {' '}
              with build <span className="mono">{finding.opened_by_build.slice(0, 19)}</span>
              {finding.build_built_at ? ` of ${finding.build_built_at.slice(0, 10)}` : null}
            </>
          ) : null}
        </div>
      ) : null}
    </>
  );
}

const KINDS: Record<ExplainedFinding['match_kind'], string> = {
  'exact-direct': 'Found by name as',
  'exact-indirect': 'Found through its source package',
  cpe: 'Guessed by CPE',
};

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** `version-not-in-range` as people read it. */
function verdictText(verdict: string): string {
  return sentenceCase(verdict.replaceAll('-', ' '));
}
