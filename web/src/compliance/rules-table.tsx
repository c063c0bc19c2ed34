import { MultiSelect } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import {
  type ComplianceOutcome,
  type ComplianceRuleResult,
  type RuntimeComplianceCheck,
  windlassComplianceOperations,
} from '#contract/windlass-compliance.ts';
import { useOperation } from '../api/operation-query.ts';
import { sentenceCase } from '../format/words.ts';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { type CheckSearch, RULE_SEVERITIES } from './compliance-search.ts';
import { OUTCOME_WORDS, OutcomeBadge } from './outcome-badge.tsx';
import { RuleDrawer } from './rule-drawer.tsx';

const route = getRouteApi('/app/compliance/$check');
const OUTCOMES = Object.keys(OUTCOME_WORDS) as ComplianceOutcome[];
const severityRank = (severity: string) => RULE_SEVERITIES.indexOf(severity as 'high');

const COLUMNS: Column<ComplianceRuleResult>[] = [
  {
    id: 'result',
    title: 'Result',
    width: 136,
    value: (rule) => OUTCOME_WORDS[rule.result],
    order: (rule) => OUTCOMES.indexOf(rule.result) * 10 + severityRank(rule.severity),
    cell: (rule) => <OutcomeBadge outcome={rule.result} />,
  },
  {
    id: 'severity',
    title: 'Severity',
    width: 100,
    value: (rule) => sentenceCase(rule.severity),
    order: (rule) => severityRank(rule.severity),
  },
  { id: 'title', title: 'Rule', least: 240, value: (rule) => rule.title || rule.rule },
  { id: 'id', title: 'Id', from: 1100, least: 200, mono: true, value: (rule) => shortId(rule.rule) },
  {
    id: 'idents',
    title: 'Identifiers',
    from: 1300,
    width: 150,
    searchable: true,
    value: (rule) => [rule.version, ...rule.idents.map(({ value }) => value)].filter(Boolean).join(', ') || undefined,
  },
];

/** The rules of a check, with filters and details. What the profile left out is hidden unless asked for. */
export function RulesTable({ check }: { check: RuntimeComplianceCheck }) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [shown, setShown] = useState<ComplianceRuleResult>();
  const answer = useOperation(
    windlassComplianceOperations.list_runtime_compliance_rules,
    { params: { check_uuid: check.uuid } },
    { staleMs: 300_000 },
  );
  const all = answer.data?.items;
  const rows = useMemo(
    () =>
      all?.filter(
        ({ result, severity }) =>
          (search.result ? search.result.includes(result) : result !== 'notselected') &&
          (search.severity?.includes(severity) ?? true),
      ),
    [all, search],
  );
  const change = (next: CheckSearch) =>
    void navigate({ to: '/compliance/$check', params: { check: check.uuid }, search: next, replace: true });
  const { result, severity, ...rest } = search;
  return (
    <>
      <DataTable
        label="Rules"
        columns={COLUMNS}
        rows={rows}
        total={all?.length ?? 0}
        rowKey={(rule) => `${rule.rule} ${rule.instance ?? ''} ${all?.indexOf(rule)}`}
        error={answer.error}
        retry={() => void answer.refetch()}
        search="Search title, id or identifier"
        filters={
          <>
            <MultiSelect
              aria-label="Result"
              placeholder={result?.length ? '' : 'Any but not selected'}
              data={OUTCOMES.map((value) => ({ value, label: OUTCOME_WORDS[value] }))}
              value={result ?? []}
              onChange={(value) =>
                change({
                  ...rest,
                  ...(severity ? { severity } : {}),
                  ...(value.length ? { result: value as ComplianceOutcome[] } : {}),
                })
              }
              clearable
              w={result?.length ? 280 : 190}
            />
            <MultiSelect
              aria-label="Severity"
              placeholder={severity?.length ? '' : 'Any severity'}
              data={RULE_SEVERITIES.map((value) => ({ value, label: sentenceCase(value) }))}
              value={severity ?? []}
              onChange={(value) =>
                change({ ...rest, ...(result ? { result } : {}), ...(value.length ? { severity: value } : {}) })
              }
              clearable
              w={severity?.length ? 240 : 150}
            />
          </>
        }
        sort={{ id: 'result', descending: false }}
        onRowClick={setShown}
        csv={`compliance-${check.uuid}`}
        maxHeight="max(24rem, calc(100dvh - 26rem))"
      />
      <RuleDrawer rule={shown} onClose={() => setShown(undefined)} />
    </>
  );
}

/** The last part of ids such as `xccdf_org.ssgproject.content_rule_no_empty_passwords`. */
export function shortId(id: string): string {
  return id.replace(/^xccdf_.*?_rule_/, '');
}
