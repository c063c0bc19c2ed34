import type { SeverityCounts } from '#contract/windlass.ts';
import type { RunningEvaluations, RunningVulnerabilities } from '#contract/windlass-inventory.ts';

/** A cluster, namespace or workload with what is known of its images. */
export interface Part {
  key: string;
  inventory_type: 'kubernetes' | 'ecs';
  cluster: string;
  namespace: string | undefined;
  workload: string | undefined;
  images: number;
  imagesNotAnalyzed: number;
  /** Absent when the reader may not see vulnerabilities. */
  vulnerabilities: SeverityCounts | undefined;
  verdicts: { passed: number; failed: number; not_evaluated: number } | undefined;
}

type Group = Omit<RunningVulnerabilities, 'vulnerabilities'>;

function keyOf({ inventory_type, cluster, namespace = '', workload = '' }: Group): string {
  return [inventory_type, cluster, namespace, workload].join('\n');
}

/** Puts the two answers about the same parts together. Undefined while neither is there. */
export function joinParts(
  vulnerabilities: readonly RunningVulnerabilities[] | undefined,
  evaluations: readonly RunningEvaluations[] | undefined,
): Part[] | undefined {
  if (!vulnerabilities && !evaluations) return undefined;
  const parts = new Map<string, Part>();
  const part = (group: Group): Part => {
    const key = keyOf(group);
    const known = parts.get(key);
    if (known) return known;
    const made: Part = {
      key,
      inventory_type: group.inventory_type,
      cluster: group.cluster,
      namespace: group.namespace,
      workload: group.workload,
      images: group.images,
      imagesNotAnalyzed: group.images_not_analyzed,
      vulnerabilities: undefined,
      verdicts: undefined,
    };
    parts.set(key, made);
    return made;
  };
  for (const row of vulnerabilities ?? []) part(row).vulnerabilities = row.vulnerabilities;
  for (const row of evaluations ?? []) part(row).verdicts = row;
  return [...parts.values()];
}

/** Name of a part: of its last level. An ECS cluster is known by an ARN: its last word tells most. */
export function partName(part: Part, level: 'cluster' | 'namespace' | 'workload'): string {
  if (level === 'cluster') return part.cluster;
  const name = level === 'namespace' ? part.namespace : part.workload;
  return name || (level === 'namespace' ? 'No namespace' : 'No workload');
}
