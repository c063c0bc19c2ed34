/**
 * Orders distribution releases (`9`, `10.2`, `22.04`, `v3.19`): runs of digits compare as numbers, other text as
 * text; a longer release is later. `10` follows `9`, unlike in text order.
 */
export function compareReleases(a: string, b: string): number {
  const left = a.toLowerCase().match(/\d+|[a-z]+/g) ?? [];
  const right = b.toLowerCase().match(/\d+|[a-z]+/g) ?? [];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const x = left[at];
    const y = right[at];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    const order = compareParts(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

function compareParts(x: string, y: string): number {
  const digits = /^\d/;
  if (digits.test(x) && digits.test(y)) {
    const a = BigInt(x.slice(0, 100));
    const b = BigInt(y.slice(0, 100));
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return x < y ? -1 : x > y ? 1 : 0;
}
