import { readXml } from './bounded-xml.ts';
import {
  ComplianceReadError,
  type ComplianceReport,
  DEFAULT_READ_LIMITS,
  type OutcomeCounts,
  type ReadLimits,
  type ReportProblem,
  type RuleDefinition,
  type RuleResult,
} from './types.ts';
import { verdictOf } from './verdict.ts';
import type { Benchmark, RawRuleResult, TestResult } from './xccdf/document.ts';
import { createXccdfReader, type XccdfContent } from './xccdf/reader.ts';

/**
 * Reads a result file: an XCCDF 1.1 or 1.2 benchmark with its results, a bare `TestResult`, or an ARF 1.1 report. Of
 * several runs in one file the latest counts. Throws ComplianceReadError; smaller faults become problems of the report.
 */
export async function readComplianceReport(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limits: ReadLimits = DEFAULT_READ_LIMITS,
): Promise<ComplianceReport> {
  const reader = createXccdfReader(limits);
  await readXml(source, reader, limits);
  return reportOf(reader.content);
}

function reportOf(content: XccdfContent): ComplianceReport {
  const run = latest(content.results);
  if (!run) {
    throw new ComplianceReadError(
      'no-result',
      'The file has no test result: it is a benchmark or a data stream that nobody has run.',
    );
  }
  const problems: ReportProblem[] = [];
  if (content.results.length > 1) {
    problems.push({
      code: 'several-results',
      message: `The file has ${content.results.length} test results; the one that ended last was read.`,
    });
  }
  const benchmark = content.benchmarks.find(({ id }) => id === run.benchmarkId) ?? content.benchmarks[0];
  const definitions = mergedRules(content.benchmarks, benchmark);
  let undefinedRules = 0;
  const results = run.results.map((raw): RuleResult => {
    const definition = definitions(raw.id);
    if (!definition) undefinedRules += 1;
    return ruleResult(raw, definition);
  });
  const counts = Object.fromEntries([...run.outcomes].filter(([, count]) => count > 0)) as OutcomeCounts;
  const total = [...run.outcomes.values()].reduce((sum, count) => sum + count, 0);
  if (total > results.length) {
    problems.push({ code: 'results-cut', message: `Of ${total} rule results the first ${results.length} are kept.` });
  }
  if (run.strange > 0)
    problems.push({
      code: 'strange-outcome',
      message: `${run.strange} results are in words that XCCDF does not know.`,
    });
  // A bare TestResult never brings the rules along: then their absence says nothing.
  if (undefinedRules > 0 && content.benchmarks.length > 0)
    problems.push({ code: 'undefined-rules', message: `${undefinedRules} rules are not defined in the benchmark.` });
  const profileTitle = run.profileId ? benchmark?.profiles.get(run.profileId) : undefined;
  const version = benchmark?.version ?? run.benchmarkVersion;
  const target = run.target ?? content.assetName;
  return {
    format: content.format === 'arf' ? 'arf' : `xccdf-${run.version}`,
    benchmark: {
      ...(run.benchmarkId ? { id: run.benchmarkId } : benchmark?.id ? { id: benchmark.id } : {}),
      ...(benchmark?.title ? { title: benchmark.title } : {}),
      ...(version ? { version } : {}),
    },
    profile: {
      ...(run.profileId ? { id: run.profileId } : {}),
      ...(profileTitle ? { title: profileTitle } : {}),
    },
    ...(target ? { target: target.slice(0, 500) } : {}),
    ...(run.testSystem ? { testSystem: run.testSystem } : {}),
    ...(run.startedAt ? { startedAt: run.startedAt } : {}),
    ...(run.endedAt ? { endedAt: run.endedAt } : {}),
    scores: run.scores,
    results,
    counts,
    verdict: verdictOf(counts),
    problems,
  };
}

/** The run that ended last; of several without a time the last in the file. */
function latest(results: readonly TestResult[]): TestResult | undefined {
  return results.reduce<TestResult | undefined>(
    (best, one) => (best && (best.endedAt ?? '') > (one.endedAt ?? '') ? best : one),
    undefined,
  );
}

/** Rules of the benchmark that was run, else of any other in the file. */
function mergedRules(benchmarks: readonly Benchmark[], chosen: Benchmark | undefined) {
  const others = new Map<string, RuleDefinition>();
  for (const { rules } of benchmarks) for (const [id, rule] of rules) if (!others.has(id)) others.set(id, rule);
  return (id: string): RuleDefinition | undefined => chosen?.rules.get(id) ?? others.get(id);
}

function ruleResult(raw: RawRuleResult, definition: RuleDefinition | undefined): RuleResult {
  const known = definition ?? { id: raw.id, title: '', severity: 'unknown' as const, idents: [], references: [] };
  const seen = new Set(known.idents.map(({ system, value }) => `${system} ${value}`));
  const more = raw.idents.filter(({ system, value }) => !seen.has(`${system} ${value}`));
  const changed = more.length > 0 || (raw.severity !== undefined && raw.severity !== known.severity);
  return {
    rule: changed ? { ...known, severity: raw.severity ?? known.severity, idents: [...known.idents, ...more] } : known,
    result: raw.result,
    ...(raw.time ? { time: raw.time } : {}),
    ...(raw.weight === undefined ? {} : { weight: raw.weight }),
    messages: raw.messages,
    ...(raw.check ? { check: raw.check } : {}),
    ...(raw.instance ? { instance: raw.instance } : {}),
  };
}
