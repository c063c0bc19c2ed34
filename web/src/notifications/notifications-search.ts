const STATES = ['pending', 'sending', 'delivered', 'dead'] as const;

/** The receiver whose details are shown. */
export interface ReceiversSearch {
  receiver?: string;
}

/** Filters of the delivery log, as they stand in the address. */
export interface DeliveriesSearch extends ReceiversSearch {
  state?: (typeof STATES)[number];
  /** Only what was raised before this time (RFC 3339). */
  before?: string;
}

/** Reads the address; what it does not understand is left out. */
export function receiversSearch(raw: Record<string, unknown>): ReceiversSearch {
  return typeof raw.receiver === 'string' && raw.receiver ? { receiver: raw.receiver } : {};
}

/** Reads the address; what it does not understand is left out. */
export function deliveriesSearch(raw: Record<string, unknown>): DeliveriesSearch {
  const state = STATES.find((one) => one === raw.state);
  const before = typeof raw.before === 'string' && !Number.isNaN(Date.parse(raw.before)) ? raw.before : undefined;
  return { ...receiversSearch(raw), ...(state ? { state } : {}), ...(before ? { before } : {}) };
}
