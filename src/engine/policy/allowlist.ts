import type { RegexRunner } from './bounded-regex.ts';
import { type Clock, parseInstant } from './clock.ts';
import type { Allowlist, AllowlistItem } from './document.ts';
import { compileSelector, type Selector, selects, selectsText } from './selector.ts';

/** What a finding offers for matching. Gate and names are lower case as registered. */
export interface AllowlistSubject {
  gate: string;
  triggerId: string;
  fingerprint: string;
}

/** Item that excused a finding. */
export interface AllowlistHit {
  allowlist: Allowlist;
  item: AllowlistItem;
}

interface Entry extends AllowlistHit {
  /** Position in the order of the mapping's allowlists and their items. */
  order: number;
  selector: Selector;
  /** Instant at which the item ends; undefined = never. NaN = unreadable, and therefore never applies. */
  expires: number | undefined;
}

interface GateIndex {
  exact: Map<string, Entry[]>;
  /** Patterns that start with literal text up to `+`, by that text. */
  byPrefix: Map<string, Entry[]>;
  patterns: Entry[];
}

/** Allowlists of one mapping, ready for lookup. */
export interface AllowlistIndex {
  gates: Map<string, GateIndex>;
}

/**
 * Indexes allowlists in order: exact ids, then patterns with a literal vulnerability id before `+`, then all other
 * patterns. Throws a SyntaxError for a bad `regexp:` item.
 */
export function indexAllowlists(allowlists: readonly Allowlist[]): AllowlistIndex {
  const gates = new Map<string, GateIndex>();
  let order = 0;
  for (const allowlist of allowlists) {
    for (const item of allowlist.items) {
      const gate = item.gate.trim().toLowerCase();
      let index = gates.get(gate);
      if (!index) {
        index = { exact: new Map(), byPrefix: new Map(), patterns: [] };
        gates.set(gate, index);
      }
      const entry: Entry = {
        allowlist,
        item,
        order: order++,
        selector: compileSelector(item.trigger_id),
        expires: expiryOf(item),
      };
      addEntry(index, entry);
    }
  }
  return { gates };
}

/** Instant of `expires_on`; undefined when absent or empty, NaN when unreadable. */
function expiryOf(item: AllowlistItem): number | undefined {
  if (item.expires_on === undefined || item.expires_on === null || item.expires_on === '') return undefined;
  return parseInstant(item.expires_on) ?? Number.NaN;
}

function addEntry(index: GateIndex, entry: Entry): void {
  const { selector } = entry;
  if (selector.kind === 'exact') {
    push(index.exact, selector.text, entry);
    return;
  }
  const prefix = selector.kind === 'wildcard' ? idPrefix(selector.parts[0]!) : undefined;
  if (prefix === undefined) index.patterns.push(entry);
  else push(index.byPrefix, prefix, entry);
}

/** Text before the first `+`, when there is one. */
function idPrefix(text: string): string | undefined {
  const plus = text.indexOf('+');
  return plus < 0 ? undefined : text.slice(0, plus);
}

function push(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const list = map.get(key);
  if (list) list.push(entry);
  else map.set(key, [entry]);
}

/**
 * For each finding, the first item in document order that excuses it: equal gate, and trigger id or fingerprint equal
 * to the item's `trigger_id` or matched by it. Expired items and items with an unreadable expiry excuse nothing.
 * Throws RegexTimeout when a `regexp:` item cannot be decided within the budget.
 */
export function findAllowlistItems(
  index: AllowlistIndex,
  subjects: readonly AllowlistSubject[],
  clock: Clock,
  regex: RegexRunner,
): (AllowlistHit | undefined)[] {
  const known = new Map<string, AllowlistHit | undefined>();
  const regexHits = matchRegexItems(index, subjects, regex);
  return subjects.map((subject) => {
    const key = `${subject.gate}\n${subject.triggerId}\n${subject.fingerprint}`;
    if (!known.has(key)) known.set(key, findItem(index.gates.get(subject.gate), subject, clock, regexHits));
    return known.get(key);
  });
}

type RegexHits = ReadonlyMap<Entry, ReadonlySet<string>>;

/** Expressions run once over all names of their gate: a call for each finding would cost more than the search. */
function matchRegexItems(index: AllowlistIndex, subjects: readonly AllowlistSubject[], regex: RegexRunner): RegexHits {
  const hits = new Map<Entry, ReadonlySet<string>>();
  for (const [gate, { patterns }] of index.gates) {
    const entries = patterns.filter((entry) => entry.selector.kind === 'regex');
    if (entries.length === 0) continue;
    const names = [...new Set(subjects.filter((subject) => subject.gate === gate).flatMap(namesOf))];
    for (const entry of entries) {
      if (entry.selector.kind !== 'regex') continue;
      const flags = regex.matches(entry.selector.regex, names);
      hits.set(entry, new Set(names.filter((_, at) => flags[at])));
    }
  }
  return hits;
}

function namesOf(subject: AllowlistSubject): string[] {
  return [subject.triggerId, subject.fingerprint];
}

/** Merges the few indexed candidates with the patterns, both in document order. */
function findItem(
  gate: GateIndex | undefined,
  subject: AllowlistSubject,
  clock: Clock,
  regexHits: RegexHits,
): AllowlistHit | undefined {
  if (!gate) return undefined;
  const names = namesOf(subject);
  const indexed = names.flatMap((name) => {
    const prefix = idPrefix(name);
    return [...(gate.exact.get(name) ?? []), ...(prefix === undefined ? [] : (gate.byPrefix.get(prefix) ?? []))];
  });
  indexed.sort((a, b) => a.order - b.order);
  function excuses(entry: Entry): boolean {
    const hits = regexHits.get(entry);
    return (
      names.some((name) => (hits ? hits.has(name) : selectsText(entry.selector, name))) && inForce(entry.expires, clock)
    );
  }
  let next = 0;
  for (const pattern of gate.patterns) {
    for (; next < indexed.length && indexed[next]!.order < pattern.order; next++) {
      if (excuses(indexed[next]!)) return indexed[next];
    }
    if (excuses(pattern)) return pattern;
  }
  return indexed.slice(next).find(excuses);
}

/** The same answer by plain search; the yardstick for the index. */
export function findAllowlistItemLinear(
  allowlists: readonly Allowlist[],
  subject: AllowlistSubject,
  clock: Clock,
  regex: RegexRunner,
): AllowlistHit | undefined {
  for (const allowlist of allowlists) {
    for (const item of allowlist.items) {
      if (item.gate.trim().toLowerCase() !== subject.gate) continue;
      const selector = compileSelector(item.trigger_id);
      const named = [subject.triggerId, subject.fingerprint].some((name) => selects(selector, name, regex));
      if (named && inForce(expiryOf(item), clock)) return { allowlist, item };
    }
  }
  return undefined;
}

function inForce(expires: number | undefined, clock: Clock): boolean {
  if (expires === undefined) return true;
  return !Number.isNaN(expires) && !clock.reached(expires);
}
