import { getRouteApi } from '@tanstack/react-router';
import { imagesOperations } from '#contract/images.ts';
import { windlassOperations } from '#contract/windlass.ts';
import { useOperation } from '../api/operation-query.ts';

const route = getRouteApi('/app/images/$digest');

/** Digest of the image that the page shows. */
export function useImageDigest(): string {
  return route.useParams().digest;
}

/** The image with its tags and configuration. */
export function useImage() {
  const digest = useImageDigest();
  return useOperation(
    imagesOperations.get_image,
    { params: { image_digest: digest } },
    {
      every: (image) => (image && isUnderway(image.analysis_status) ? 1500 : false),
    },
  );
}

/** Verdict, counts, gaps and progress of the image. */
export function useImageOverview() {
  const digest = useImageDigest();
  const list = useOperation(
    windlassOperations.list_image_overview,
    { query: { search: digest, limit: 1 } },
    {
      every: (data) => (isUnderway(data?.items[0]?.analysis_status) ? 1500 : false),
    },
  );
  const { data, error, refetch } = list;
  return { data: data?.items[0], error, refetch };
}

function isUnderway(status: string | undefined): boolean {
  return status === 'analyzing' || status === 'not_analyzed';
}
