import type { ImageService } from '#features/images/index.ts';
import { badRequest } from '#shared/errors.ts';
import type { FindingRow } from './finding-store.ts';

/** Why a comparison with a base image is not, or not quite, what was asked for. */
export interface BaseImageProblem {
  severity: 'warn' | 'error';
  problem_type: 'base_image_not_found' | 'base_image_unavailable' | 'base_image_not_an_ancestor';
  details: string;
}

/** The base image of a comparison. */
export interface BaseImage {
  /** Absent when there is none to compare with. */
  digest?: string;
  problems: BaseImageProblem[];
}

/** Finds what `base_digest` names: a digest, or with `auto` the base among the ancestors. Throws 400 for other texts. */
export async function findBaseImage(
  images: Pick<ImageService, 'ancestors'>,
  account: string,
  imageDigest: string,
  wanted: string,
): Promise<BaseImage> {
  if (wanted !== 'auto' && !/^sha256:[a-fA-F0-9]{64}$/.test(wanted))
    throw badRequest('base_digest must be an image digest or "auto"');
  const ancestors = await images.ancestors(account, imageDigest);
  if (wanted !== 'auto') {
    const digest = wanted.toLowerCase();
    if (ancestors.some((ancestor) => ancestor.image_digest === digest)) return { digest, problems: [] };
    const details = `the layers of ${digest} are not the first layers of the image`;
    return { digest, problems: [{ severity: 'warn', problem_type: 'base_image_not_an_ancestor', details }] };
  }
  const chosen = ancestors.find((ancestor) => ancestor.chosen_base_image);
  if (chosen) return { digest: chosen.image_digest, problems: [] };
  const details = 'none of the analysed images is an ancestor of the image';
  return { problems: [{ severity: 'error', problem_type: 'base_image_not_found', details }] };
}

/** A finding is inherited when the base has the same vulnerability in the same package version. */
export function findingKey(finding: FindingRow): string {
  return [finding.match.vulnerability, finding.match.namespace, finding.type, finding.name, finding.version].join('\n');
}
