import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { plural } from '../format/words.ts';
import { SeverityBar, severitySummary } from '../severity/severity-bar.tsx';
import { Badge } from '../states/badge.tsx';
import type { Column } from '../table/column.ts';
import { type Part, partName } from './part.ts';
import type { RuntimeSearch } from './runtime-search.ts';

const LEVELS = { cluster: 'Cluster', namespace: 'Namespace', workload: 'Workload' } as const;

/** Where a click on a part leads; undefined when there is nothing below that can be named. */
export function partSearch(part: Part, level: keyof typeof LEVELS): RuntimeSearch | undefined {
  const { cluster, namespace, workload } = part;
  if (level === 'cluster') return { cluster };
  if (!namespace) return { cluster, images: 'all' };
  if (level === 'namespace') return { cluster, namespace };
  return workload ? { cluster, namespace, workload } : undefined;
}

/** Columns of clusters, namespaces or workloads. */
export function partColumns(level: keyof typeof LEVELS): Column<Part>[] {
  return [
    {
      id: 'name',
      title: LEVELS[level],
      least: 180,
      value: (part) => partName(part, level),
      cell: (part) => <PartName part={part} level={level} />,
    },
    {
      id: 'type',
      title: 'Runtime',
      width: 110,
      from: 1200,
      value: (part) => (part.inventory_type === 'ecs' ? 'ECS' : 'Kubernetes'),
    },
    {
      id: 'images',
      title: 'Images',
      width: 90,
      align: 'right',
      from: 560,
      descendingFirst: true,
      value: (part) => part.images,
    },
    {
      id: 'unknown',
      title: 'Analysed',
      width: 150,
      descendingFirst: true,
      value: (part) => part.imagesNotAnalyzed,
      cell: (part) => <Analysed part={part} />,
    },
    {
      id: 'verdict',
      title: 'Policy',
      width: 150,
      from: 800,
      descendingFirst: true,
      value: (part) => verdictText(part),
      order: (part) => part.verdicts?.failed,
      cell: (part) => <Verdicts part={part} />,
    },
    {
      id: 'vulnerabilities',
      title: 'Vulnerabilities',
      width: 270,
      from: 700,
      descendingFirst: true,
      value: (part) => (part.vulnerabilities ? severitySummary(part.vulnerabilities) : ''),
      order: (part) => part.vulnerabilities?.critical,
      cell: (part) =>
        part.vulnerabilities && part.images > part.imagesNotAnalyzed ? (
          <SeverityBar counts={part.vulnerabilities} sure={part.imagesNotAnalyzed === 0} />
        ) : (
          <Text size="sm" c="dimmed" span>
            Nothing known
          </Text>
        ),
    },
  ];
}

function PartName({ part, level }: { part: Part; level: keyof typeof LEVELS }) {
  const search = partSearch(part, level);
  const name = partName(part, level);
  if (!search) return <span title={name}>{name}</span>;
  return (
    <Anchor
      fw={600}
      size="sm"
      className="truncate"
      title={name}
      renderRoot={(props) => <Link to="/runtime" search={search} {...props} />}
    >
      {name}
    </Anchor>
  );
}

function Analysed({ part }: { part: Part }) {
  if (part.imagesNotAnalyzed === 0) return <Badge tone="good">All</Badge>;
  if (part.imagesNotAnalyzed === part.images) return <Badge tone="high">None</Badge>;
  return <Badge tone="medium">{`${part.images - part.imagesNotAnalyzed} of ${part.images}`}</Badge>;
}

function verdictText(part: Part): string {
  if (!part.verdicts) return '';
  const { passed, failed } = part.verdicts;
  if (passed + failed === 0) return 'not evaluated';
  return failed === 0 ? 'all pass' : `${failed} of ${plural(passed + failed, 'image')} fail`;
}

function Verdicts({ part }: { part: Part }) {
  if (!part.verdicts) return null;
  const { passed, failed } = part.verdicts;
  const tone = passed + failed === 0 ? 'unknown' : failed > 0 ? 'critical' : 'good';
  const words = passed + failed === 0 ? 'Not evaluated' : failed > 0 ? `${failed} of ${passed + failed} fail` : 'Pass';
  return <Badge tone={tone}>{words}</Badge>;
}
