/** Class markers lie below this code unit, so that they never meet the length that starts a number. */
const LENGTH_BASE = 0x20;
const LENGTH_LIMIT = 0xff00;

/** A digit run without its leading zeros; zero is the empty text. */
export function trimZeros(digits: string): string {
  let start = 0;
  while (start < digits.length && digits.charCodeAt(start) === 48) start++;
  return start === 0 ? digits : digits.slice(start);
}

/** Key of a digit run of any length, in numeric order: its length without leading zeros, then its digits. */
export function numberKey(digits: string): string {
  const significant = trimZeros(digits);
  return String.fromCharCode(LENGTH_BASE + Math.min(significant.length, LENGTH_LIMIT)) + significant;
}

/** Key of a text in code-unit order, a prefix before what it begins. */
export function textKey(text: string): string {
  return `${text}\u0000`;
}

/** True when the text is one or more ASCII digits. */
export function isDigits(text: string): boolean {
  if (text.length === 0) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** Digit runs and ASCII letter runs of a text, in order; all else separates. */
export function runs(text: string): string[] {
  return text.match(/[0-9]+|[A-Za-z]+/g) ?? [];
}

/** Numbers `1.2.3` as a key in which missing components count as zero: `1` equals `1.0.0`. */
export function releaseKey(numbers: readonly string[]): string {
  let end = numbers.length;
  while (end > 0 && trimZeros(numbers[end - 1] ?? '') === '') end--;
  let key = '';
  for (let i = 0; i < end; i++) key += `\u0002${numberKey(numbers[i] ?? '')}`;
  return `${key}\u0001`;
}
