import type { InventoryReport } from '#contract/v1/inventories.ts';
import { hashOf, hashOfSet } from './content-hash.ts';
import { canonicalTag, digestIn } from './image-names.ts';
import { contextName } from './read-kubernetes.ts';
import type { Report, ReportedContext, ReportedImage } from './report.ts';

/** Reads a report as lists of images by namespace. A cluster without a name is taken: its contexts begin with a slash. */
export function readListReport(report: InventoryReport, now: Date): Report {
  const cluster = report.cluster_name?.trim() ?? '';
  const images = new Map<string, Map<string, ReportedImage>>();
  for (const item of report.results ?? []) {
    const namespace = images.get(item.namespace) ?? new Map<string, ReportedImage>();
    images.set(item.namespace, namespace);
    for (const image of item.images ?? []) {
      const { tag, repoDigest } = typeof image === 'string' ? { tag: image, repoDigest: undefined } : image;
      const image_tag = tag?.trim() ?? '';
      const image_digest = digestIn(repoDigest);
      if (image_tag === '' && image_digest === '') continue;
      namespace.set(`${image_tag}\n${image_digest}`, { image_tag, image_digest, full_tag: canonicalTag(image_tag) });
    }
  }
  return {
    inventory_type: report.inventory_type ?? 'kubernetes',
    cluster,
    timestamp: report.timestamp ? new Date(report.timestamp) : now,
    nodes: [],
    contexts: [...images].map(([name, rows]) => listContext(cluster, name, [...rows.values()])),
  };
}

function listContext(cluster: string, name: string, images: ReportedImage[]): ReportedContext {
  return {
    source: 'list',
    uid: '',
    name,
    context: contextName(cluster, name),
    labels: '{}',
    annotations: '{}',
    pods: [],
    services: [],
    tasks: [],
    containers: [],
    images,
    hash: hashOf(name, hashOfSet(images.map((image) => `${image.image_tag}\t${image.image_digest}`))),
  };
}
