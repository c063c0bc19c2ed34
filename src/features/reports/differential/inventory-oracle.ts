import type { ImageFact, RunningFact } from './facts.ts';
import { type Asked, inScope } from './filter-oracle.ts';
import { fitsText, fitsTime } from './text-match.ts';
import { groupsOf, type Row, sortedBy, written } from './vulnerability-oracle.ts';

/** A row of the inventory that counts, with an image of the catalogue that it is. */
export interface Running extends RunningFact {
  kind: 'kubernetes' | 'ecs';
  cluster_id: number;
  context: string;
  seen: string;
  image: ImageFact | undefined;
}

const HUB = 'docker.io/';

/** One spelling of a tag: official images of Docker Hub with their folder. */
export function canonicalTag(tag: string): string {
  return tag.startsWith(HUB) && tag.split('/').length === 2 ? tag.replace(HUB, `${HUB}library/`) : tag;
}

function imagesOf(asked: Asked, row: RunningFact, cluster: number): ImageFact[] {
  const { fleet } = asked;
  const own = fleet.images.filter((image) => image.account === row.account);
  const active = own.filter((image) => image.image_status === 'active');
  if (row.image_digest === '')
    return fleet.tags
      .filter((tag) => tag.account === row.account && tag.closed_at === null)
      .filter((tag) => canonicalTag(`${tag.registry}/${tag.repository}:${tag.tag}`) === row.full_tag)
      .flatMap((tag) => active.filter(({ digest }) => digest === tag.digest));
  const archs = new Set(fleet.nodes.filter((node) => node.cluster_id === cluster).map(({ arch }) => arch));
  const archOf = (image: ImageFact) => fleet.analyses.find(({ id }) => id === image.analysis_id)?.arch ?? null;
  const runsHere = (image: ImageFact) => archOf(image) !== null && archs.has(archOf(image));
  const children = own.filter(({ parent_digest }) => parent_digest === row.image_digest);
  return active.filter(
    (image) =>
      image.digest === row.image_digest ||
      // Of several platforms those of the nodes, when any is known.
      (children.includes(image) && (archOf(image) === null || runsHere(image) || !children.some(runsHere))),
  );
}

/** What runs, as far as the filter on the inventory asks for it; a row for each image of the catalogue that it is. */
export function runningRows(asked: Asked, filtered = true): Running[] {
  const { fleet, runningSince } = asked;
  const wanted = (filtered ? asked.filter.runtimeInventory : undefined) ?? {};
  const placed = fleet.running.map((row) => {
    const context = fleet.contexts.find(({ id }) => id === row.context_id)!;
    const cluster = fleet.clusters.find(({ id }) => id === context.cluster_id)!;
    return { row, context, cluster, seen: row.last_seen ?? context.last_seen, name: row.full_tag ?? row.image_tag };
  });
  return placed
    .filter(({ row, context, seen, name }) => {
      const isTold = placed.some(
        (other) =>
          other.context.context === context.context &&
          other.context.cluster_id === context.cluster_id &&
          other.name === name &&
          other.row.image_digest !== '' &&
          other.row.last_seen === null &&
          other.context.last_seen >= runningSince,
      );
      return inScope(asked, row.account) && seen >= runningSince && (row.image_digest !== '' || !isTold);
    })
    .filter(
      ({ context, cluster, seen }) =>
        (!wanted.type || wanted.type === cluster.inventory_type) &&
        fitsText(context.context, wanted.context) &&
        fitsTime(seen, { days: wanted.lastSeenInDays }, asked.now),
    )
    .flatMap(({ row, context, cluster, seen }): Running[] => {
      const images = imagesOf(asked, row, cluster.id);
      const place = { ...row, kind: cluster.inventory_type, cluster_id: cluster.id, context: context.context, seen };
      return (images.length > 0 ? images : [undefined]).map((image) => ({ ...place, image }));
    });
}

/** Places of rows, each once with the last time. */
export function placeViews(rows: readonly Running[]): Row[] {
  const places = [...groupsOf(rows, (row) => [row.kind, row.context, row.image_tag].join('\n')).values()];
  return sortedBy(places, ([row]) => [row!.context, row!.image_tag]).map((of) => ({
    ...{ inventoryType: of[0]!.kind, context: of[0]!.context, imageTag: of[0]!.image_tag },
    lastSeen: written(
      of
        .map(({ seen }) => seen)
        .sort()
        .at(-1)!,
    ),
  }));
}
