import { Text } from '@mantine/core';
import type { Finding } from './finding.ts';
import classes from './findings.module.css';

interface Score {
  source: string;
  version: string;
  base: number;
  exploitability: number | undefined;
  impact: number | undefined;
}

/** CVSS scores of the vendor and of NVD. */
export function FindingScores({ finding }: { finding: Finding }) {
  const scores = scoresOf(finding);
  if (scores.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nobody has scored it.
      </Text>
    );
  }
  return (
    <table className={classes.scores}>
      <thead>
        <tr>
          <th scope="col">Source</th>
          <th scope="col">CVSS</th>
          <th scope="col" data-number>
            Base
          </th>
          <th scope="col" data-number>
            Exploitability
          </th>
          <th scope="col" data-number>
            Impact
          </th>
        </tr>
      </thead>
      <tbody>
        {scores.map((score) => (
          <tr key={`${score.source} ${score.version}`}>
            <td>{score.source}</td>
            <td>{score.version}</td>
            <td data-number>
              <b>{score.base.toFixed(1)}</b>
            </td>
            <td data-number>{score.exploitability?.toFixed(1)}</td>
            <td data-number>{score.impact?.toFixed(1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function scoresOf(finding: Finding): Score[] {
  const found = new Map<string, Score>();
  for (const entry of [...(finding.vendor_data ?? []), ...(finding.nvd_data ?? [])]) {
    for (const [version, values] of [
      ['3', entry.cvss_v3],
      ['2', entry.cvss_v2],
    ] as const) {
      const base = values?.base_score;
      // clients of old wrote -1 for a score that is absent
      if (base === undefined || base === null || base < 0) continue;
      const source = [entry.source ?? 'Unknown', entry.id === finding.vuln ? '' : entry.id].filter(Boolean).join(', ');
      found.set(`${source} ${version}`, {
        source,
        version,
        base,
        exploitability: values?.exploitability_score ?? undefined,
        impact: values?.impact_score ?? undefined,
      });
    }
  }
  return [...found.values()];
}
