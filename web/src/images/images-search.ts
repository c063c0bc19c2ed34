import type { ImageOverview } from '#contract/windlass.ts';

/** Orders that the server offers. */
export const IMAGE_ORDERS = ['created_at', 'analyzed_at', 'full_tag', 'critical', 'high', 'packages'] as const;
export const LEAST_SEVERITIES = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;
export const STATUSES = ['analyzed', 'analyzing', 'not_analyzed', 'analysis_failed'] as const;

/** What the list of images shows, as it stands in the address. */
export interface ImagesSearch {
  search?: string;
  verdict?: 'pass' | 'fail';
  severity?: (typeof LEAST_SEVERITIES)[number];
  status?: ImageOverview['analysis_status'];
  order?: (typeof IMAGE_ORDERS)[number];
  ascending?: boolean;
  page?: number;
}

/** Reads the address; what it does not understand is left out. */
export function imagesSearch(raw: Record<string, unknown>): ImagesSearch {
  const search = typeof raw.search === 'string' || typeof raw.search === 'number' ? String(raw.search) : '';
  const verdict = raw.verdict === 'pass' || raw.verdict === 'fail' ? raw.verdict : undefined;
  const severity = LEAST_SEVERITIES.find((one) => one === raw.severity);
  const status = STATUSES.find((one) => one === raw.status);
  const order = IMAGE_ORDERS.find((one) => one === raw.order);
  const page = Number(raw.page);
  return {
    ...(search ? { search } : {}),
    ...(verdict ? { verdict } : {}),
    ...(severity ? { severity } : {}),
    ...(status ? { status } : {}),
    ...(order ? { order } : {}),
    ...(raw.ascending === true ? { ascending: true } : {}),
    ...(Number.isSafeInteger(page) && page > 1 ? { page } : {}),
  };
}
