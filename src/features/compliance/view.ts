import type {
  ComplianceRuleOccurrence,
  ComplianceRuleResult,
  RuntimeComplianceCheck,
} from '#contract/windlass-compliance.ts';
import { type ComplianceVerdict, contradicts } from '#engine/compliance/index.ts';
import { present } from '#shared/present.ts';
import type { OccurrenceRow, RuleRow } from './rule-store.ts';
import type { CheckRow, FileRow } from './store.ts';

type Summary = NonNullable<RuntimeComplianceCheck['summary']>;

/** A check as the API shows it. */
export function checkView(row: CheckRow, files: readonly FileRow[]): RuntimeComplianceCheck {
  const own = files.filter((file) => file.check_uuid === row.uuid);
  return {
    uuid: row.uuid,
    check_type: row.check_type as 'oscap',
    image_digest: row.image_digest,
    created_at: row.created_at.toISOString(),
    image_known: row.image_known,
    state: row.state as RuntimeComplianceCheck['state'],
    compliance_file_ids: Object.fromEntries(own.map(({ name, uuid }) => [name, uuid])),
    files: own.map(({ uuid, name, media_type, size, sha256 }) => ({
      id: uuid,
      name,
      media_type,
      size: Number(size),
      sha256,
    })),
    ...present({
      image_tag: row.image_tag,
      namespace: row.namespace,
      pod: row.pod,
      result: row.result,
      start_time: row.start_time?.toISOString(),
      end_time: row.end_time?.toISOString(),
      error: row.error,
      summary: summaryView(row),
    }),
  };
}

function summaryView(row: CheckRow): Summary | undefined {
  if (row.state !== 'parsed' || !row.verdict || !row.format) return undefined;
  const verdict = row.verdict as ComplianceVerdict;
  const scores = list<Summary['scores'][number]>(row.scores);
  const score = scores.find(({ system }) => system === 'urn:xccdf:scoring:default') ?? scores[0];
  return {
    format: row.format as Summary['format'],
    verdict,
    scores,
    counts: row.counts as Record<string, number>,
    benchmark: present({ id: row.benchmark_id, title: row.benchmark_title, version: row.benchmark_version }),
    profile: present({ id: row.profile_id, title: row.profile_title }),
    problems: list(row.problems),
    ...present({
      mismatch: row.result === null ? undefined : contradicts(row.result, verdict),
      score: score?.value,
      score_maximum: score?.maximum,
      target: row.target,
      test_system: row.test_system,
      evaluated_at: row.evaluated_at?.toISOString(),
    }),
  };
}

/** A rule of a check as the API shows it. */
export function ruleView(row: RuleRow): ComplianceRuleResult {
  const { idents, references, ...texts } = row.definition as {
    idents?: unknown;
    references?: unknown;
    [text: string]: unknown;
  };
  const text = (name: string) => (typeof texts[name] === 'string' ? (texts[name] as string) : undefined);
  return {
    check_uuid: row.check_uuid,
    rule: row.rule_id,
    title: row.title,
    severity: row.severity,
    result: row.result,
    idents: list(idents),
    references: list(references),
    messages: row.messages,
    ...present({
      version: text('version'),
      group: text('group'),
      description: text('description'),
      rationale: text('rationale'),
      fix: text('fix'),
      check: row.check_name ?? text('check'),
      instance: row.instance,
      weight: row.weight,
      tested_at: row.tested_at ? new Date(row.tested_at).toISOString() : undefined,
    }),
  };
}

/** A rule with where it ran as the API shows it. */
export function occurrenceView(row: OccurrenceRow): ComplianceRuleOccurrence {
  return {
    check_uuid: row.check_uuid,
    image_digest: row.image_digest,
    created_at: new Date(row.created_at).toISOString(),
    rule: row.rule_id,
    title: row.title,
    severity: row.severity,
    result: row.result,
    ...present({ image_tag: row.image_tag, namespace: row.namespace, pod: row.pod }),
  };
}

function list<T>(value: unknown): T[] {
  return Array.isArray(value) ? (value as T[]) : [];
}
