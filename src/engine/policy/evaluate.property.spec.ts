import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AllowlistItem, PolicyDocument, PolicyRule } from './document.ts';
import { importV1Policy } from './document-import.ts';
import type { Action } from './finding.ts';
import { factsOf, fileOf, NOW, packageOf, policyOf, ruleOf, vulnerabilityOf } from './testing/facts.ts';
import { judge } from './testing/judge.ts';
import type { PolicyFacts } from './types.ts';

const RANK: Record<Action, number> = { go: 0, warn: 1, stop: 2 };
const action = fc.constantFrom('GO', 'WARN', 'STOP');

const rule: fc.Arbitrary<PolicyRule> = fc.oneof(
  fc
    .record({
      action,
      severity: fc.constantFrom('low', 'high', 'critical'),
      days: fc.constantFrom('0', '1', '3', '30'),
    })
    .map(({ action: a, severity, days }) =>
      ruleOf('vulnerabilities', 'package', a, {
        package_type: 'all',
        severity_comparison: '>=',
        severity,
        max_days_since_creation: days,
      }),
    ),
  fc
    .record({ action, days: fc.constantFrom('0', '1', '5') })
    .map(({ action: a, days }) => ruleOf('vulnerabilities', 'stale_feed_data', a, { max_days_since_sync: days })),
  action.map((a) => ruleOf('files', 'suid_or_guid_set', a)),
  action.map((a) => ruleOf('malware', 'scans', a)),
  action.map((a) => ruleOf('distro', 'deny', a, { distro: 'debian', version: '13', check: '<' })),
);

const item: fc.Arbitrary<AllowlistItem> = fc.record({
  id: fc.uuid(),
  gate: fc.constantFrom('vulnerabilities', 'files', 'distro'),
  trigger_id: fc.constantFrom('*', 'CVE-1+*', '*+bash', 'CVE-2+curl', 'debian+12'),
  expires_on: fc.constantFrom(null, '2026-02-01T00:00:00Z', '2026-03-02T00:00:00Z', '2027-01-01T00:00:00Z'),
});

const FACTS: PolicyFacts = factsOf({
  vulnerabilities: {
    state: 'present',
    value: [
      vulnerabilityOf('CVE-1', packageOf('deb', 'bash', '5'), {
        detectedAt: '2026-02-27T12:00:00Z',
        vulnerability: { severity: 'Critical' },
      }),
      vulnerabilityOf('CVE-2', packageOf('deb', 'curl', '7'), {
        detectedAt: '2026-02-01T00:00:00Z',
        vulnerability: { severity: 'High' },
      }),
    ],
  },
  files: { state: 'present', value: [fileOf('/bin/su', 0o4755)] },
});

function documentOf(rules: PolicyRule[], items: AllowlistItem[] = []): PolicyDocument {
  return policyOf(
    rules.map((each, index) => ({ ...each, id: `r${index}` })),
    {},
    items,
  );
}

/** An outcome without what order alone changes. */
function outcome(document: PolicyDocument, now = NOW) {
  const { finalAction, status, findings } = judge(document, FACTS, { now });
  return {
    finalAction,
    status,
    findings: findings.map((finding) => `${finding.fingerprint} ${finding.action} ${finding.baseAction}`).sort(),
  };
}

describe('properties of evaluation', () => {
  it('order of rules and rule sets never changes the outcome', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), fc.array(item, { maxLength: 3 }), (rules, items) => {
        const document = documentOf(rules, items);
        const reversed = documentOf(rules.toReversed(), items);
        expect(outcome(reversed)).toEqual(outcome(document));
        const sets = rules.map((each, index) => ({
          id: `s${index}`,
          name: 's',
          version: '2',
          rules: [{ ...each, id: `r${index}` }],
        }));
        const split = {
          ...document,
          rule_sets: sets,
          mappings: [{ ...document.mappings[0]!, rule_set_ids: sets.map((set) => set.id).toReversed() }],
        };
        expect(outcome(split)).toEqual(outcome(document));
      }),
    );
  });

  it('adding an allowlist item and removing a rule never worsen the outcome', () => {
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 6 }),
        fc.array(item, { minLength: 1, maxLength: 4 }),
        (rules, items) => {
          const rank = RANK[outcome(documentOf(rules, items.slice(1))).finalAction];
          expect(RANK[outcome(documentOf(rules, items)).finalAction]).toBeLessThanOrEqual(rank);
          expect(RANK[outcome(documentOf(rules.slice(1), items.slice(1))).finalAction]).toBeLessThanOrEqual(rank);
        },
      ),
    );
  });

  it('a denied image stops whatever else holds', () => {
    const entry = { id: 'e', name: 'e', registry: '*', repository: '*', image: { type: 'tag' as const, value: '*' } };
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 4 }), fc.boolean(), fc.boolean(), (rules, allowed, mapped) => {
        const document = {
          ...documentOf(rules),
          denylisted_images: [entry],
          allowlisted_images: allowed ? [entry] : [],
        };
        expect(judge(mapped ? document : { ...document, mappings: [] }, FACTS)).toMatchObject({
          finalAction: 'stop',
          status: 'fail',
          finalActionReason: 'denylisted',
        });
      }),
    );
  });

  it('the answer holds until valid_until and is bounded by it', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), fc.array(item, { maxLength: 4 }), (rules, items) => {
        const document = documentOf(rules, items);
        const { validUntil } = judge(document, FACTS);
        const end = validUntil === undefined ? Date.parse('2100-01-01T00:00:00Z') : Date.parse(validUntil);
        expect(end).toBeGreaterThan(NOW.getTime());
        expect(outcome(document, new Date(end - 1_000))).toEqual(outcome(document));
      }),
    );
  });

  it('every error problem fails, unless the account opts out', () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 5 }), (rules) => {
        const broken = { ...FACTS, vulnerabilities: { state: 'failed', reason: 'x' } as const };
        const result = judge(documentOf(rules), broken);
        if (result.problems.some((problem) => problem.severity === 'error')) expect(result.status).toBe('fail');
        expect(judge(documentOf(rules), broken, { errorAction: 'go' }).finalAction).toBe(
          judge(documentOf(rules.filter((each) => each.trigger !== 'package')), broken).finalAction,
        );
      }),
    );
  });

  it('a JSON round trip and the import of the V1 form give the same outcome', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), fc.array(item, { maxLength: 3 }), (rules, items) => {
        const document = documentOf(rules, items);
        expect(outcome(JSON.parse(JSON.stringify(document)))).toEqual(outcome(document));
        expect(outcome(importV1Policy(toV1(document)).document as PolicyDocument)).toEqual(outcome(document));
      }),
    );
  });
});

function toV1(document: PolicyDocument): Record<string, unknown> {
  const { rule_sets, allowlists, mappings, ...rest } = document;
  return {
    ...rest,
    version: '1_0',
    comment: 'old',
    policies: rule_sets.map((set) => ({ ...set, version: '1_0', comment: 'old' })),
    whitelists: allowlists?.map((list) => ({
      ...list,
      version: '1_0',
      items: list.items.map((each) => ({ ...each, trigger: 'x' })),
    })),
    mappings: mappings.map(({ rule_set_ids, allowlist_ids, ...each }) => ({
      ...each,
      policy_id: rule_set_ids[0],
      whitelist_ids: allowlist_ids,
    })),
    whitelisted_images: [],
    blacklisted_images: [],
  };
}
