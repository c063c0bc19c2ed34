import { Text } from '@mantine/core';
import { type ImageCoverage, windlassOperations } from '#contract/windlass.ts';
import { useOperation } from '../../api/operation-query.ts';
import { formatCount } from '../../format/number.ts';
import { plural } from '../../format/words.ts';
import { useImageDigest } from '../use-image.ts';
import classes from './explanation.module.css';

/** What the list of vulnerabilities covers, in a line that opens. */
export function CoverageLine() {
  const digest = useImageDigest();
  const { data } = useOperation(windlassOperations.get_image_coverage, { params: { image_digest: digest } });
  if (!data) return null;
  const gaps = data.gaps.length;
  return (
    <details className={classes.coverage} data-incomplete={data.state !== 'complete' || undefined}>
      <summary>
        {data.state === 'complete'
          ? 'The vulnerability data covers every package'
          : data.state === 'none'
            ? 'No vulnerability data is loaded'
            : `Not everything could be judged: ${plural(gaps, 'gap')}`}
        {data.distro ? <span> · {distroText(data.distro)}</span> : null}
      </summary>
      <CoverageDetails coverage={data} />
    </details>
  );
}

/** A distribution that is covered needs its name and the end of its support alone. */
function distroText({ name, state, message, end_of_life: end }: NonNullable<ImageCoverage['distro']>): string {
  return state === 'covered' ? `${name}${end ? `, supported until ${end}` : ''}` : message;
}

function CoverageDetails({ coverage }: { coverage: ImageCoverage }) {
  const { gaps, ecosystems = [], unknown_versions: unknown, unmatched } = coverage;
  return (
    <>
      {gaps.length ? (
        <ul className={classes.steps}>
          {gaps.map((gap) => (
            <li key={gap}>{gap}</li>
          ))}
        </ul>
      ) : null}
      <Text size="sm" mt={4}>
        Judged:{' '}
        {ecosystems
          .map(({ type, packages, covered }) => `${formatCount(covered)} of ${formatCount(packages)} ${type}`)
          .join(', ') || 'nothing'}
      </Text>
      <Named title="Version unknown" of={unknown} />
      <Named title="Not judged" of={unmatched} />
    </>
  );
}

function Named({ title, of }: { title: string; of: ImageCoverage['unmatched'] }) {
  if (!of || of.count === 0) return null;
  const names = of.packages.slice(0, 20).map(({ name, version }) => `${name} ${version}`.trim());
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {title}: {names.join(', ')}
      {of.count > names.length ? ` and ${plural(of.count - names.length, 'more package')}` : ''}
    </Text>
  );
}
