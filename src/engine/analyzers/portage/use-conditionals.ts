/** Part of an expression over packages or licences: a word, all of a list, or any of a list. */
export type UseTerm = string | { kind: 'all' | 'any'; terms: UseTerm[] };

const DEEPEST = 50;
const MOST_TOKENS = 20_000;

/**
 * Reads an expression of the package manager specification (PMS 8.2) and decides its conditions by the flags in use:
 * `a || ( b c ) ssl? ( d ) !ssl? ( e )`. What is not closed counts as closed at the end. Never throws.
 */
export function readUseExpression(text: string, flags: ReadonlySet<string>): UseTerm[] {
  const tokens = text.split(/\s+/, MOST_TOKENS).filter((token) => token !== '');
  let at = 0;
  const group = (depth: number): UseTerm[] => {
    const terms: UseTerm[] = [];
    let kind: 'all' | 'any' = 'all';
    let holds = true;
    while (at < tokens.length) {
      const token = tokens[at++] as string;
      if (token === ')') return terms;
      if (token === '||' || token === '??' || token === '^^') kind = 'any';
      else if (token.endsWith('?')) {
        const flag = token.slice(0, -1);
        holds = flag.startsWith('!') ? !flags.has(flag.slice(1)) : flags.has(flag);
      } else if (token === '(') {
        // Deeper groups are read as part of this one: what they hold is kept, only how it belongs together is lost.
        const inner = depth < DEEPEST ? group(depth + 1) : [];
        if (holds && inner.length > 0) terms.push({ kind, terms: inner });
        kind = 'all';
        holds = true;
      } else terms.push(token);
    }
    return terms;
  };
  const all: UseTerm[] = [];
  while (at < tokens.length) all.push(...group(0));
  return all;
}

/** All words of an expression. */
export function wordsOf(terms: readonly UseTerm[]): string[] {
  return terms.flatMap((term) => (typeof term === 'string' ? [term] : wordsOf(term.terms)));
}

/** Licences that hold together; those of which one is chosen are joined by `OR`. */
export function licenseTexts(terms: readonly UseTerm[]): string[] {
  return terms.flatMap((term) => {
    if (typeof term === 'string') return [term];
    if (term.kind === 'all') return licenseTexts(term.terms);
    const choices = term.terms.map((choice) => {
      const texts = licenseTexts([choice]);
      return texts.length > 1 ? `(${texts.join(' AND ')})` : (texts[0] ?? '');
    });
    return [choices.filter((choice) => choice !== '').join(' OR ')];
  });
}
