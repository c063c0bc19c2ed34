/** Filters of the alerts, as they stand in the address. */
export interface AlertsSearch {
  state?: 'closed' | 'all';
  image?: string;
  page?: number;
}

/** Reads the address; what it does not understand is left out. */
export function alertsSearch(raw: Record<string, unknown>): AlertsSearch {
  const page = Number(raw.page);
  return {
    ...(raw.state === 'closed' || raw.state === 'all' ? { state: raw.state } : {}),
    ...(typeof raw.image === 'string' && raw.image ? { image: raw.image } : {}),
    ...(Number.isSafeInteger(page) && page > 1 ? { page } : {}),
  };
}
