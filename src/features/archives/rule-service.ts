import { randomUUID } from 'node:crypto';
import type { AnalysisArchiveTransitionRule, ImageSelector } from '#contract/archives.ts';
import type { Database } from '#platform/database/types.ts';
import { badRequest, forbidden, notFound } from '#shared/errors.ts';
import { deleteRule, findRule, insertRule, listRules, type NewRule, type RuleRow } from './rule-store.ts';
import type { Selector } from './transition-rules.ts';

export type RuleService = ReturnType<typeof createRuleService>;

/** Rules that move analyses into the archive and out of it. They are made and deleted, never changed. */
export function createRuleService({ database }: { database: Database }) {
  const { db } = database;

  async function get(account: string, ruleId: string): Promise<RuleRow> {
    const row = await findRule(db, account, ruleId);
    if (!row) throw notFound(`archive rule not found: ${ruleId}`);
    return row;
  }

  return {
    get,

    list: (account: string, withGlobal: boolean): Promise<RuleRow[]> => listRules(db, account, withGlobal),

    async create(account: string, body: AnalysisArchiveTransitionRule, isAdmin: boolean): Promise<RuleRow> {
      const rule = readRule(account, body);
      if (rule.system_global && !isAdmin) throw forbidden('only administrators may make rules for all accounts');
      return insertRule(db, rule);
    },

    async remove(account: string, ruleId: string): Promise<void> {
      const row = await get(account, ruleId);
      if (row.account !== account)
        throw forbidden('a rule for all accounts is deleted by the administrator who made it');
      await deleteRule(db, account, ruleId);
    },
  };
}

/** Reads a rule of a request. Throws 400 naming the field. */
export function readRule(account: string, body: AnalysisArchiveTransitionRule): NewRule {
  const given = body.max_images_per_account ?? -1;
  const max = given < 0 ? null : given;
  if (max !== null) {
    if (max < 1) throw badRequest('max_images_per_account must be 1 or more');
    if (!body.system_global) throw badRequest('max_images_per_account is only for a rule with system_global');
    if (body.selector || body.exclude)
      throw badRequest('max_images_per_account goes with neither selector nor exclude');
  }
  const rule = {
    rule_id: randomUUID().replaceAll('-', ''),
    account,
    ...readSelector(body.selector, 'selector'),
    tag_versions_newer: body.tag_versions_newer ?? -1,
    analysis_age_days: body.analysis_age_days ?? -1,
    transition: body.transition,
    system_global: body.system_global ?? false,
    exclude: body.exclude
      ? {
          selector: readExclusion(body.exclude.selector),
          expiration_days: body.exclude.expiration_days ?? -1,
          ...(body.exclude.last_seen_in_days === undefined || body.exclude.last_seen_in_days < 0
            ? {}
            : { last_seen_in_days: body.exclude.last_seen_in_days }),
        }
      : null,
    max_images_per_account: max,
  };
  if (max === null && rule.tag_versions_newer < 0 && rule.analysis_age_days < 0) {
    throw badRequest(
      'a rule needs analysis_age_days or tag_versions_newer of 0 or more: it would move everything at once',
    );
  }
  return rule;
}

/** A selector of empty texts excludes nothing: that is what clients send who exclude by use alone. */
function readExclusion(given: ImageSelector | undefined): Selector {
  const missing = Object.values(given ?? {}).some((value) => value !== '') ? '*' : '';
  return { registry: given?.registry ?? missing, repository: given?.repository ?? missing, tag: given?.tag ?? missing };
}

function readSelector(given: ImageSelector | undefined, field: string): Selector {
  const selector = { registry: given?.registry ?? '*', repository: given?.repository ?? '*', tag: given?.tag ?? '*' };
  for (const [name, value] of Object.entries(selector)) {
    if (value.trim() === '') throw badRequest(`${field}.${name} must not be empty: use * for any`);
  }
  return selector;
}
