import { ARF, ASSET } from '../arf/namespaces.ts';
import type { XmlHandler } from '../bounded-xml.ts';
import {
  ComplianceReadError,
  type ReadLimits,
  RULE_OUTCOMES,
  RULE_SEVERITIES,
  type RuleDefinition,
  type RuleOutcome,
  type RuleSeverity,
} from '../types.ts';
import { type Benchmark, type RawRuleResult, readNumber, readTime, type TestResult } from './document.ts';
import { XCCDF } from './namespaces.ts';

/** What a file holds, before one of its runs is chosen. */
export interface XccdfContent {
  format: 'xccdf' | 'arf';
  benchmarks: Benchmark[];
  results: TestResult[];
  /** Names of the asset that an ARF report is about, the best first. */
  assetName?: string;
}

type Attribute = (name: string) => string | undefined;
/** Says what a child element means: another context, a text to keep, or nothing. */
type Context = (local: string, attribute: Attribute) => Context | Keep | undefined;
interface Keep {
  keep(text: string): void;
}

const OUTCOMES: ReadonlySet<string> = new Set(RULE_OUTCOMES);
const SEVERITIES: ReadonlySet<string> = new Set(RULE_SEVERITIES);
/** Elements of XHTML that end a line of text. */
const BREAKS = new Set(['br', 'p', 'li', 'pre', 'div', 'tr', 'ul', 'ol']);
/** Idents, references and messages of one rule that are kept. */
const MAX_LIST = 200;
/** Definitions of one benchmark that are kept. */
const MAX_RULES = 50_000;

/**
 * Collects benchmarks and test results wherever they stand: at the root, in a source data stream, or in the reports of
 * an ARF collection. What belongs to neither is skipped without being kept.
 */
export function createXccdfReader(
  limits: Pick<ReadLimits, 'results' | 'text'>,
): XmlHandler & { content: XccdfContent } {
  const content: XccdfContent = { format: 'xccdf', benchmarks: [], results: [] };
  const stack: (Context | undefined)[] = [];
  let capture: { target: Keep; depth: number; text: string } | undefined;

  const keep = (assign: (text: string) => void): Keep => ({ keep: (text) => void (text && assign(text)) });

  const anywhere = (uri: string, local: string, attribute: Attribute): Context | Keep | undefined => {
    const version = XCCDF.get(uri);
    if (version && local === 'Benchmark') return startBenchmark(attribute, version);
    if (version && local === 'TestResult') return startResult(attribute, version);
    if (uri === ASSET && (local === 'fqdn' || local === 'hostname'))
      return keep((text) => {
        content.assetName ??= text;
      });
    return undefined;
  };

  function startBenchmark(attribute: Attribute, version: '1.1' | '1.2'): Context {
    const id = attribute('id');
    const benchmark: Benchmark = { ...(id ? { id } : {}), rules: new Map(), profiles: new Map() };
    content.benchmarks.push(benchmark);
    return (local, own) => {
      if (local === 'TestResult') return startResult(own, version, benchmark);
      if (local === 'title')
        return keep((text) => {
          benchmark.title ??= text;
        });
      if (local === 'version')
        return keep((text) => {
          benchmark.version ??= text;
        });
      if (local === 'Profile') return startProfile(benchmark, own('id'));
      if (local === 'Group') return startGroup(benchmark, own('id'));
      return local === 'Rule' ? startRule(benchmark, own, undefined) : undefined;
    };
  }

  function startProfile(benchmark: Benchmark, id: string | undefined): Context {
    return (local) =>
      local === 'title' && id
        ? keep((text) => void (benchmark.profiles.has(id) || benchmark.profiles.set(id, text)))
        : undefined;
  }

  function startGroup(benchmark: Benchmark, id: string | undefined): Context {
    return (local, own) => {
      if (local === 'Group') return startGroup(benchmark, own('id'));
      return local === 'Rule' ? startRule(benchmark, own, id) : undefined;
    };
  }

  function startRule(benchmark: Benchmark, attribute: Attribute, group: string | undefined): Context | undefined {
    const id = attribute('id');
    if (!id || benchmark.rules.has(id) || benchmark.rules.size >= MAX_RULES) return undefined;
    const rule: RuleDefinition = {
      id: id.slice(0, 500),
      title: '',
      severity: severityOf(attribute('severity')) ?? 'unknown',
      ...(group ? { group: group.slice(0, 500) } : {}),
      idents: [],
      references: [],
    };
    benchmark.rules.set(id, rule);
    return (local, own) => {
      switch (local) {
        case 'title':
          return keep((text) => {
            rule.title ||= text;
          });
        case 'version':
          return keep((text) => {
            rule.version ??= text;
          });
        case 'description':
          return keep((text) => {
            rule.description ??= text;
          });
        case 'rationale':
          return keep((text) => {
            rule.rationale ??= text;
          });
        case 'fixtext':
          return keep((text) => {
            rule.fix ??= text;
          });
        case 'ident': {
          const system = own('system') ?? '';
          return keep((value) => void (rule.idents.length < MAX_LIST && rule.idents.push({ system, value })));
        }
        case 'reference': {
          const href = own('href') ?? '';
          return keep((text) => void (rule.references.length < MAX_LIST && rule.references.push({ href, text })));
        }
        case 'check':
          return (inner) =>
            inner === 'check-content'
              ? keep((text) => {
                  rule.check ??= text;
                })
              : undefined;
        default:
          return undefined;
      }
    };
  }

  function startResult(attribute: Attribute, version: '1.1' | '1.2', within?: Benchmark): Context {
    const [started, ended, system] = [
      readTime(attribute('start-time')),
      readTime(attribute('end-time')),
      attribute('test-system'),
    ];
    const run: TestResult = {
      version,
      ...(within?.id ? { benchmarkId: within.id } : {}),
      ...(started ? { startedAt: started } : {}),
      ...(ended ? { endedAt: ended } : {}),
      ...(system ? { testSystem: system.slice(0, 500) } : {}),
      ...(attribute('version') ? { benchmarkVersion: attribute('version')!.slice(0, 100) } : {}),
      scores: [],
      results: [],
      outcomes: new Map(),
      strange: 0,
    };
    content.results.push(run);
    return (local, own) => {
      switch (local) {
        case 'benchmark': {
          const id = own('id') ?? own('href');
          if (id) run.benchmarkId ??= id.slice(0, 500);
          return undefined;
        }
        case 'profile': {
          const id = own('idref');
          if (id) run.profileId ??= id.slice(0, 500);
          return undefined;
        }
        case 'target':
          return keep((text) => {
            run.target ??= text;
          });
        case 'score': {
          const [scoring, maximum] = [own('system') ?? 'urn:xccdf:scoring:default', readNumber(own('maximum'))];
          return keep((text) => {
            const value = readNumber(text);
            if (value === undefined || run.scores.length >= 20) return;
            run.scores.push({ system: scoring, value, ...(maximum === undefined ? {} : { maximum }) });
          });
        }
        case 'rule-result':
          return startRuleResult(run, own);
        default:
          return undefined;
      }
    };
  }

  function startRuleResult(run: TestResult, attribute: Attribute): Context {
    const [time, weight, severity] = [
      readTime(attribute('time')),
      readNumber(attribute('weight')),
      severityOf(attribute('severity')),
    ];
    const row: RawRuleResult = {
      id: (attribute('idref') ?? '').slice(0, 500),
      // as long as the file does not say otherwise
      result: 'unknown',
      ...(severity ? { severity } : {}),
      ...(time ? { time } : {}),
      ...(weight === undefined ? {} : { weight }),
      idents: [],
      messages: [],
    };
    if (run.results.length < limits.results) run.results.push(row);
    const count = (outcome: RuleOutcome, by: number) =>
      run.outcomes.set(outcome, (run.outcomes.get(outcome) ?? 0) + by);
    count(row.result, 1);
    return (local, own) => {
      switch (local) {
        case 'result':
          return {
            keep(text) {
              const known = OUTCOMES.has(text);
              if (!known) run.strange += 1;
              count(row.result, -1);
              row.result = known ? (text as RuleOutcome) : 'unknown';
              count(row.result, 1);
            },
          };
        case 'ident': {
          const system = own('system') ?? '';
          return keep((value) => void (row.idents.length < MAX_LIST && row.idents.push({ system, value })));
        }
        case 'message':
          return keep((text) => void (row.messages.length < 20 && row.messages.push(text)));
        case 'instance':
          return keep((text) => {
            row.instance ??= text;
          });
        case 'check':
          return (inner, ref) => {
            const name = inner === 'check-content-ref' ? (ref('name') ?? ref('href')) : undefined;
            if (name) row.check ??= name.slice(0, 500);
            return undefined;
          };
        default:
          return undefined;
      }
    };
  }

  return {
    content,
    open(uri, local, attribute) {
      if (capture) {
        capture.depth += 1;
        if (BREAKS.has(local)) append('\n');
        return;
      }
      if (stack.length === 0) checkRoot(content, uri, local);
      const parent = stack.at(-1);
      // An element of another vocabulary means nothing to the one around it.
      const meaning = parent && XCCDF.has(uri) ? parent(local, attribute) : anywhere(uri, local, attribute);
      if (typeof meaning === 'object') capture = { target: meaning, depth: 0, text: '' };
      stack.push(typeof meaning === 'function' ? meaning : undefined);
    },
    text(text) {
      if (capture) append(text);
    },
    close() {
      if (capture && capture.depth > 0) {
        capture.depth -= 1;
        return;
      }
      if (capture) {
        capture.target.keep(tidy(capture.text));
        capture = undefined;
      }
      stack.pop();
    },
  };

  function append(text: string): void {
    const room = limits.text - capture!.text.length;
    if (room > 0) capture!.text += text.slice(0, room);
  }
}

function severityOf(text: string | undefined): RuleSeverity | undefined {
  const word = text?.toLowerCase();
  return word !== undefined && SEVERITIES.has(word) ? (word as RuleSeverity) : undefined;
}

function checkRoot(content: XccdfContent, uri: string, local: string): void {
  if (uri === ARF && local === 'asset-report-collection') content.format = 'arf';
  else if (!XCCDF.has(uri) || (local !== 'Benchmark' && local !== 'TestResult'))
    throw new ComplianceReadError(
      'unknown-root',
      `The root element <${local.slice(0, 100)}> is neither an XCCDF 1.1 or 1.2 result nor an ARF 1.1 report.`,
    );
}

/** Text without the indentation of the file that it stood in. */
function tidy(text: string): string {
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
