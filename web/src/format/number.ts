const integer = new Intl.NumberFormat('en');

/** A count with thousands separated. */
export function formatCount(value: number | undefined): string {
  return value === undefined ? '' : integer.format(value);
}

/** A share of 1 in per cent, with two figures when small. */
export function formatShare(value: number | undefined): string {
  if (value === undefined) return '';
  const percent = value * 100;
  return `${percent >= 10 ? percent.toFixed(0) : percent.toFixed(percent >= 1 ? 1 : 2)} %`;
}
