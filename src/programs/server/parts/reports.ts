import { createReportExecution, type ProvidedResolver, reportRoutes } from '#features/reports/index.ts';
import type { Actor } from '#platform/http/index.ts';
import type { Part, Wiring } from './part.ts';

/** Reports by GraphQL. */
export function wireReports(wiring: Wiring): Part {
  const { platform, current, findings, inventory, accounts } = wiring;
  const { database, config, log } = platform;
  const { graphiql, ...limits } = config.reports;
  const provided: Record<string, ProvidedResolver> = {};
  const execution = createReportExecution({
    database,
    currentIndex: current.get,
    settings: findings.settings,
    runningSince: inventory.cutoff,
    userBaseImages: config.vex.user_base_images,
    limits: { pageRows: limits.max_page_rows, answerRows: limits.max_answer_rows, seconds: limits.timeout_seconds },
    provided,
    onError: (error) => log.error({ err: error }, 'a report failed'),
  });
  wiring.reports = execution;
  const authorizeChange = (actor: Actor, account: string) =>
    accounts.authorizer.require(actor, account, 'manageReports');
  return { routes: reportRoutes({ execution, graphiql, authorizeChange }) };
}
