import { createHash } from 'node:crypto';
import type { ComplianceReport, RuleOutcome, RuleResult, RuleSeverity } from '../types.ts';
import type { HdfControl, HdfDocument, HdfResult, HdfStatus } from './types.ts';

/** Weight of a control by the severity of its rule; nobody knows that of an unknown one. */
const IMPACT: Record<RuleSeverity, number> = { high: 0.7, medium: 0.5, low: 0.3, info: 0, unknown: 0 };

const STATUS: Record<RuleOutcome, HdfStatus> = {
  pass: 'passed',
  fixed: 'passed',
  fail: 'failed',
  error: 'error',
  unknown: 'error',
  notapplicable: 'skipped',
  notchecked: 'skipped',
  notselected: 'skipped',
  informational: 'skipped',
};

/** Why a rule was skipped, for people. */
const SKIPPED: Partial<Record<RuleOutcome, string>> = {
  notapplicable: 'The rule does not apply to the target.',
  notchecked: 'The rule was not checked.',
  notselected: 'The rule is not part of the profile.',
  informational: 'The rule is informational.',
};

/**
 * Turns a report into HDF. Results of one rule become tests of one control. Impacts follow the severity and are 0 where
 * a rule does not apply, as HDF readers expect; CCI and NIST SP 800-53 references become tags.
 */
export function hdfOfReport(report: ComplianceReport): HdfDocument {
  const time = report.endedAt ?? report.startedAt ?? new Date(0).toISOString();
  const byRule = new Map<string, RuleResult[]>();
  for (const result of report.results) {
    const known = byRule.get(result.rule.id);
    if (known) known.push(result);
    else byRule.set(result.rule.id, [result]);
  }
  const controls = [...byRule.values()].map((results) => controlOf(results, time));
  const { benchmark, profile } = report;
  const name = profile.id ?? benchmark.id ?? 'xccdf';
  const title = [benchmark.title, profile.title].filter(Boolean).join(': ');
  return {
    platform: { name: 'XCCDF', release: '', ...(report.target ? { target_id: report.target } : {}) },
    version: report.format,
    statistics: durationOf(report),
    profiles: [
      {
        name,
        ...(title ? { title } : {}),
        ...(benchmark.version ? { version: benchmark.version } : {}),
        sha256: createHash('sha256')
          .update(JSON.stringify([benchmark.id, benchmark.version, name, controls.map(({ id }) => id)]))
          .digest('hex'),
        ...(report.testSystem ? { summary: `Checked by ${report.testSystem}` } : {}),
        supports: [],
        attributes: [],
        groups: groupsOf(report.results),
        controls,
        status: 'loaded',
      },
    ],
  };
}

function durationOf({ startedAt, endedAt }: ComplianceReport): { duration?: number } {
  const seconds = startedAt && endedAt ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : Number.NaN;
  return seconds >= 0 ? { duration: seconds } : {};
}

function controlOf(results: readonly RuleResult[], time: string): HdfControl {
  const { rule } = results[0]!;
  const applies = results.some(({ result }) => result !== 'notapplicable');
  const descriptions = (
    [
      ['rationale', rule.rationale],
      ['fix', rule.fix],
      ['check', rule.check],
    ] as const
  ).flatMap(([label, data]) => (data ? [{ label, data }] : []));
  const cci = unique([...rule.idents.map(({ value }) => value), ...rule.references.map(({ text }) => text)]).filter(
    (value) => /^CCI-\d{6}$/.test(value),
  );
  const nist = unique(rule.references.filter(({ href }) => /800-53/.test(href)).map(({ text }) => text));
  const others = unique(rule.idents.map(({ value }) => value)).filter((value) => !cci.includes(value));
  return {
    id: rule.id,
    title: rule.title || null,
    desc: rule.description ?? null,
    ...(descriptions.length > 0 ? { descriptions } : {}),
    impact: applies ? IMPACT[rule.severity] : 0,
    refs: rule.references.map(({ href, text }) => ({ ref: text, ...(href ? { url: href } : {}) })),
    tags: {
      severity: rule.severity,
      rid: rule.id,
      ...(rule.group ? { gid: rule.group } : {}),
      ...(rule.version ? { stig_id: rule.version } : {}),
      ...(rule.fix ? { fix: rule.fix } : {}),
      ...(rule.check ? { check: rule.check } : {}),
      nist,
      cci,
      ...(others.length > 0 ? { ident: others } : {}),
      xccdf_result: unique(results.map(({ result }) => result)),
    },
    code: '',
    source_location: {},
    results: results.map((result) => resultOf(result, time)),
  };
}

function resultOf({ result, check, instance, messages, time, rule }: RuleResult, fallback: string): HdfResult {
  const message = messages.join('\n');
  const skipped = SKIPPED[result];
  return {
    status: STATUS[result],
    code_desc: [check ?? (rule.title || rule.id), instance].filter(Boolean).join(' '),
    start_time: time ?? fallback,
    ...(message ? { message } : {}),
    ...(skipped ? { skip_message: message || skipped } : {}),
  };
}

function groupsOf(results: readonly RuleResult[]): { id: string; controls: string[] }[] {
  const groups = new Map<string, Set<string>>();
  for (const { rule } of results) {
    if (rule.group === undefined) continue;
    const known = groups.get(rule.group);
    if (known) known.add(rule.id);
    else groups.set(rule.group, new Set([rule.id]));
  }
  return [...groups].map(([id, controls]) => ({ id, controls: [...controls] }));
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
