import { translatePythonSyntax } from '#shared/python-regex.ts';
import { requiredLiterals } from './literal.ts';
import { matchParts, matchPlainly } from './matcher.ts';
import { compilePrefilter, type Prefilter } from './prefilter.ts';
import { DEFAULT_SECRET_RULES, type SearchRule } from './rules.ts';

/** Lines of one file that a rule matches. */
export interface RuleHits {
  name: string;
  regex: string;
  /** 0-based. */
  lines: number[];
  /** The first hit with its secret masked. */
  redacted: string;
}

/** Outcome for one file. */
export interface FileHits {
  hits: RuleHits[];
  /** Rules whose expression backtracks without end here, and which were not, or not completely, applied. */
  exhausted: string[];
}

/** Searches the bytes of one file. */
export type Search = (bytes: Uint8Array) => FileHits | undefined;

interface CompiledRule extends Omit<SearchRule, 'literals'> {
  matcher: RegExp;
  /** May begin anywhere in a line, so that a window of a long line will do. */
  floating: boolean;
  /** Place in the configuration: hits are listed in this order. */
  order: number;
  /** Known not to backtrack without end: its time grows with the hits of its literal and the length of the line. */
  trusted: boolean;
  /** Files on which the expression had to be given up. */
  failures: number;
}

/** A literal and the rules whose matches contain it; the empty one is in every file. */
interface Anchor {
  literal: string;
  rules: CompiledRule[];
}

/** Part of the file that a rule has to look at, and the offset of the line that it is from. */
interface Candidate {
  start: number;
  part: string;
  /** Hits of the literal in it. */
  hits: number;
}

/** Longest part of a line that an expression sees around its literal: bounds the work on minified files. */
const WINDOW = 4096;
/** Candidates of one rule in one file. */
const MOST_CANDIDATES = 100_000;
/** Up to so many hits in a file a trusted rule is applied without a guard, which costs more than most searches. */
const FEW_HITS = 64;
/** A rule that fails on so many files is applied no more. */
const MOST_FAILURES = 3;

/**
 * Compiles rules into one search. Rules are applied line by line, each from the line's start (as Python's `re.match`).
 * Names of rules that cannot be compiled are given to `onBadRule` with the reason.
 */
export function compileSearch(
  rules: readonly SearchRule[],
  onBadRule: (rule: SearchRule, reason: string) => void,
): Search {
  const anchors = new Map<string, Anchor>();
  for (const [order, rule] of rules.entries()) {
    try {
      addRule(anchors, rule, order);
    } catch (error) {
      onBadRule(rule, (error as Error).message);
    }
  }
  const everywhere = anchors.get('')?.rules ?? [];
  const anchored = [...anchors.values()].filter(({ literal }) => literal !== '');
  const prefilter = compilePrefilter(anchored.map(({ literal }) => literal));
  return (bytes) => (bytes.length === 0 ? undefined : searchFile(everywhere, anchored, prefilter, bytes));
}

function addRule(anchors: Map<string, Anchor>, rule: SearchRule, order: number): void {
  // Text is searched as bytes: every byte is one character, in the expression too.
  const bytes = Buffer.from(rule.regex, 'utf8').toString('latin1');
  const { source, flags } = translatePythonSyntax(bytes, { singleLines: true });
  const known = DEFAULT_SECRET_RULES.find(({ regex }) => regex === rule.regex);
  const compiled: CompiledRule = {
    name: rule.name,
    regex: rule.regex,
    matcher: new RegExp(`^(?:${source})`, flags),
    floating: source.startsWith('.*'),
    order,
    trusted: known !== undefined,
    failures: 0,
  };
  for (const literal of rule.literals ?? known?.literals ?? requiredLiterals(source)) {
    const anchor = anchors.get(literal) ?? { literal, rules: [] };
    anchor.rules.push(compiled);
    anchors.set(literal, anchor);
  }
}

function searchFile(
  everywhere: readonly CompiledRule[],
  anchored: readonly Anchor[],
  prefilter: Prefilter,
  bytes: Uint8Array,
): FileHits | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const candidates = new Map<CompiledRule, Candidate[]>();
  for (const rule of everywhere) candidates.set(rule, allLines(text, rule.floating));
  collectCandidates(candidates, anchored, prefilter(text), text);
  if (candidates.size === 0) return undefined;
  const found: FileHits = { hits: [], exhausted: [] };
  const rules = [...candidates].sort(([a], [b]) => a.order - b.order);
  for (const [rule, list] of rules) applyRule(rule, list, text, found);
  if (found.hits.length === 0 && found.exhausted.length === 0) return undefined;
  return found;
}

/** Adds the surroundings of each hit for each rule that wants them, once. */
function collectCandidates(
  candidates: Map<CompiledRule, Candidate[]>,
  anchored: readonly Anchor[],
  hits: Iterable<{ literal: number; at: number }>,
  text: string,
): void {
  /** By rule and literal: what lies before has been taken. */
  const taken = new Map<CompiledRule, number[]>();
  for (const { literal: index, at } of hits) {
    const { literal, rules } = anchored[index] as Anchor;
    for (const rule of rules) {
      const ends = taken.get(rule) ?? [];
      const list = candidates.get(rule) ?? [];
      if (at < (ends[index] ?? 0)) {
        for (const last of list.slice(-1)) last.hits++;
        continue;
      }
      if (list.length >= MOST_CANDIDATES) continue;
      const { candidate, next } = around(text, at, literal.length, rule.floating);
      list.push(candidate);
      candidates.set(rule, list);
      ends[index] = next;
      taken.set(rule, ends);
    }
  }
}

/** The line at `at`, or a window of it. `next`: where the text goes on that the candidate does not cover. */
function around(text: string, at: number, length: number, floating: boolean): { candidate: Candidate; next: number } {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  let end = text.indexOf('\n', at);
  if (end < 0) end = text.length;
  const from = floating ? Math.max(start, at - WINDOW) : start;
  const to = Math.min(end, Math.max(at, from) + length + WINDOW);
  const part = text.slice(from, text[to - 1] === '\r' && to === end ? to - 1 : to);
  return { candidate: { start, part, hits: 1 }, next: floating && to < end ? to : end + 1 };
}

function allLines(text: string, floating: boolean): Candidate[] {
  const list: Candidate[] = [];
  for (let at = 0; at < text.length && list.length < MOST_CANDIDATES; ) {
    const { candidate, next } = around(text, at, 0, floating);
    list.push(candidate);
    at = next;
  }
  return list;
}

function applyRule(rule: CompiledRule, candidates: readonly Candidate[], text: string, found: FileHits): void {
  if (rule.failures >= MOST_FAILURES) {
    found.exhausted.push(rule.name);
    return;
  }
  const parts = candidates.map(({ part }) => part);
  const hits = candidates.reduce((sum, candidate) => sum + candidate.hits, 0);
  const guarded = !rule.trusted || hits > FEW_HITS;
  const { indexes, complete } = guarded ? matchParts(rule.matcher, parts) : matchPlainly(rule.matcher, parts);
  if (!complete) {
    rule.failures++;
    found.exhausted.push(rule.name);
  }
  const matched = indexes.flatMap((index) => candidates[index] ?? []);
  const [first] = matched;
  if (first === undefined) return;
  const starts = [...new Set(matched.map(({ start }) => start))].sort((a, b) => a - b);
  found.hits.push({
    name: rule.name,
    regex: rule.regex,
    lines: lineNumbers(text, starts),
    redacted: redact(first.part),
  });
}

/** 0-based numbers of the lines that start at the given offsets (ascending). */
function lineNumbers(text: string, starts: number[]): number[] {
  let line = 0;
  let at = 0;
  return starts.map((start) => {
    for (let next = text.indexOf('\n', at); next >= 0 && next < start; next = text.indexOf('\n', at)) {
      line++;
      at = next + 1;
    }
    return line;
  });
}

/** Shows which line it was without giving the secret away: words of letters stay, the longest token is masked. */
function redact(line: string): string {
  const key = /-+BEGIN[A-Za-z0-9 ]*-+/i.exec(line);
  if (key) return key[0].slice(0, 80);
  const tokens = line.match(/[A-Za-z0-9/+_.-]{4,}/g) ?? [];
  const secret = tokens.reduce((longest, token) => (token.length >= longest.length ? token : longest), '');
  if (secret.length < 8) return '********';
  return `${secret.slice(0, 2)}${'*'.repeat(Math.min(secret.length - 4, 40))}${secret.slice(-2)}`;
}
