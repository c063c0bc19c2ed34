import { Anchor } from '@mantine/core';
import { formatShare } from '../../format/number.ts';
import { severityRank } from '../../severity/severity.ts';
import { SeverityBadge } from '../../severity/severity-badge.tsx';
import type { Column } from '../../table/column.ts';
import { STATUS_WORDS } from './annotation-words.ts';
import { epssOf, type Finding, fixOf, isExploited, scoreOf } from './finding.ts';
import classes from './findings.module.css';

/** Columns of the vulnerabilities; the id opens the details. */
export function findingColumns(open: (finding: Finding) => void): Column<Finding>[] {
  return [
    {
      id: 'vuln',
      title: 'Vulnerability',
      width: 182,
      value: (finding) => finding.vuln,
      cell: (finding) => (
        <Anchor component="button" type="button" size="sm" fw={600} onClick={() => open(finding)}>
          {finding.vuln}
        </Anchor>
      ),
    },
    {
      id: 'severity',
      title: 'Severity',
      width: 116,
      value: (finding) => finding.severity,
      order: (finding) => severityRank(finding.severity) * 1000 - (epssOf(finding) ?? 0),
      cell: (finding) => <SeverityBadge severity={finding.severity} />,
    },
    {
      id: 'package',
      title: 'Package',
      value: (finding) => `${finding.package_name ?? ''} ${finding.package_version ?? ''}`,
      cell: (finding) => (
        <span title={`${finding.package_name} ${finding.package_version}`}>
          <b className={classes.name}>{finding.package_name}</b>{' '}
          <span className={classes.version}>{finding.package_version}</span>
        </span>
      ),
    },
    {
      id: 'fix',
      title: 'Fixed in',
      width: 180,
      value: (finding) => fixOf(finding) ?? (finding.will_not_fix ? "Won't fix" : undefined),
      cell: (finding) => <Fix finding={finding} />,
    },
    {
      id: 'annotation',
      title: 'Annotation',
      width: 150,
      from: 1300,
      value: (finding) => (finding.annotation_status ? STATUS_WORDS[finding.annotation_status] : undefined),
    },
    { id: 'type', title: 'Type', width: 88, from: 1265, value: (finding) => finding.package_type },
    {
      id: 'cvss',
      title: 'CVSS',
      width: 78,
      from: 1175,
      align: 'right',
      descendingFirst: true,
      value: (finding) => scoreOf(finding),
      cell: (finding) => scoreOf(finding)?.toFixed(1) ?? '',
    },
    {
      id: 'epss',
      title: 'EPSS',
      width: 84,
      from: 1175,
      align: 'right',
      descendingFirst: true,
      value: (finding) => epssOf(finding),
      cell: (finding) => formatShare(epssOf(finding)),
    },
    {
      id: 'kev',
      title: 'Exploited',
      width: 98,
      align: 'center',
      descendingFirst: true,
      value: (finding) => isExploited(finding),
      cell: (finding) => (isExploited(finding) ? <span className={classes.kev}>KEV</span> : null),
    },
    {
      id: 'path',
      title: 'Path',
      from: 1435,
      value: (finding) => finding.paths.join(' '),
      cell: (finding) => <Places paths={finding.paths} />,
    },
    { id: 'namespace', title: 'Source', from: 1605, width: 170, value: (finding) => finding.feed_group },
    { id: 'url', title: 'Link', from: 99_999, searchable: false, value: (finding) => finding.url },
  ];
}

function Fix({ finding }: { finding: Finding }) {
  const fix = fixOf(finding);
  if (fix) {
    return (
      <span className="mono" title={fix}>
        {fix}
      </span>
    );
  }
  return <span className={classes.dim}>{finding.will_not_fix ? "Won't be fixed" : 'No fix yet'}</span>;
}

function Places({ paths }: { paths: string[] }) {
  const [first, ...others] = paths;
  if (first === 'pkgdb') return <span className={classes.dim}>package database</span>;
  return (
    <span className="mono" title={paths.join('\n')}>
      {others.length ? `${others.length + 1} places: ` : ''}
      {first}
    </span>
  );
}
