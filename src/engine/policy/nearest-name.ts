/** Longest text that is compared: the cost is quadratic, and no known name is longer. */
const MAX_LENGTH = 64;

/**
 * The known name nearest to `text` by edit distance, when it is near enough to be a likely typing error (at most a
 * third of its length, and at least a shared beginning for very short names).
 */
export function nearestName(text: string, known: Iterable<string>): string | undefined {
  const wanted = text.trim().toLowerCase();
  if (wanted.length === 0 || wanted.length > MAX_LENGTH) return undefined;
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const name of known) {
    const limit = Math.max(1, Math.floor(Math.max(name.length, wanted.length) / 3));
    const distance = editDistance(wanted, name.toLowerCase());
    const likely = distance <= limit || (wanted.length >= 4 && name.includes(wanted));
    if (likely && distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(text: string, known: Iterable<string>): string {
  const name = nearestName(text, known);
  return name === undefined ? '' : ` Did you mean "${name}"?`;
}

/** Levenshtein distance of two short texts. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
