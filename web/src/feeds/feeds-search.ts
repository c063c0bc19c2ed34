const CHECKSUM = /^sha256:[a-f0-9]{64}$/;

/** The build whose details are shown. */
export interface BuildsSearch {
  build?: string;
}

/** Builds that are compared, as they stand in the address. */
export interface ChangesSearch {
  from?: string;
  to?: string;
  page?: number;
}

const checksum = (value: unknown) => (typeof value === 'string' && CHECKSUM.test(value) ? value : undefined);

/** Reads the address; what it does not understand is left out. */
export function buildsSearch(raw: Record<string, unknown>): BuildsSearch {
  const build = checksum(raw.build);
  return build ? { build } : {};
}

/** Reads the address; what it does not understand is left out. */
export function changesSearch(raw: Record<string, unknown>): ChangesSearch {
  const [from, to, page] = [checksum(raw.from), checksum(raw.to), Number(raw.page)];
  return {
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(Number.isSafeInteger(page) && page > 1 ? { page } : {}),
  };
}
