import { Anchor, Paper } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { InventoryCoverage } from '#contract/windlass-inventory.ts';
import { formatCount } from '../format/number.ts';
import { Fact, Facts } from '../states/facts.tsx';
import type { RuntimeSearch } from './runtime-search.ts';

/** How much of what runs is known. */
export function CoverageFigures({ coverage, search }: { coverage: InventoryCoverage; search: RuntimeSearch }) {
  const { images, states } = coverage;
  const count = (state: string) => states[state] ?? 0;
  const waiting = count('not_analyzed') + count('analyzing');
  return (
    <Paper p="md" mb="md">
      <Facts>
        <Fact name="Images that run">
          <b>{formatCount(images)}</b>
        </Fact>
        <Fact name="Analysed">
          <b>{formatCount(count('analyzed'))}</b>
        </Fact>
        <Fact name="Never added to Windlass">
          <Anchor
            size="sm"
            fw={600}
            renderRoot={(props) => <Link to="/runtime" search={{ ...search, images: 'unknown' }} {...props} />}
          >
            {formatCount(count('not_in_catalog'))}
          </Anchor>
        </Fact>
        <Fact name="Waiting for analysis">{waiting ? formatCount(waiting) : null}</Fact>
        <Fact name="Analysis failed">{count('analysis_failed') ? formatCount(count('analysis_failed')) : null}</Fact>
      </Facts>
    </Paper>
  );
}
