/** Parts of a CPE 2.3 name; absent means any. */
export interface CpeParts {
  part?: 'a' | 'o' | 'h';
  vendor: string;
  product: string;
  version?: string;
  /** `rc1`; `-` says that there is none. */
  update?: string;
  targetSoftware?: string;
}

/** Writes a formatted CPE 2.3 name (NISTIR 7695): special characters are escaped, empty parts are `*`. */
export function formatCpe(parts: CpeParts): string {
  const { part = 'a', vendor, product, version, update, targetSoftware } = parts;
  const fields = [
    part,
    escapePart(vendor),
    escapePart(product),
    escapePart(version),
    escapePart(update),
    '*',
    '*',
    '*',
    escapePart(targetSoftware),
    '*',
    '*',
  ];
  return `cpe:2.3:${fields.join(':')}`;
}

function escapePart(value: string | undefined): string {
  if (!value) return '*';
  return value
    .toLowerCase()
    .replace(/\s+/g, '_')
    .replace(/[^a-z0-9._-]/g, (char) => `\\${char}`);
}
