import { windlassInventoryOperations } from '#contract/windlass-inventory.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { present } from '#shared/present.ts';
import { coverage, evaluationsByGroup, type GroupRow, placesOf, vulnerabilitiesByGroup } from './running-store.ts';
import type { InventoryService } from './service.ts';

/** Handlers of our own operations: what runs, tied to analyses, findings and verdicts. */
export function runningRoutes({ database, cutoff }: InventoryService): BoundOperation[] {
  const { db } = database;
  return bindOperations(windlassInventoryOperations, {
    async get_inventory_coverage({ account, query }) {
      const { states, items, total_rows } = await coverage(db, account, { ...query, since: cutoff() });
      return {
        images: Object.values(states).reduce((sum, n) => sum + n, 0),
        states,
        items: items.map(({ catalog_digest, first_seen, last_seen, ...item }) => ({
          ...item,
          ...present({ catalog_digest }),
          first_seen: first_seen.toISOString(),
          last_seen: last_seen.toISOString(),
        })),
        total_rows,
      };
    },
    async list_running_vulnerabilities({ account, query }) {
      const rows = await vulnerabilitiesByGroup(db, account, { ...query, since: cutoff() });
      const items = rows.map((row) => {
        const { critical, high, medium, low, negligible, unknown, fixable, known_exploited } = row;
        const vulnerabilities = { critical, high, medium, low, negligible, unknown, fixable, known_exploited };
        return { ...groupView(row), vulnerabilities };
      });
      return { items, total_rows: rows[0]?.total ?? 0 };
    },
    async list_running_evaluations({ account, query }) {
      const rows = await evaluationsByGroup(db, account, { ...query, since: cutoff() });
      const items = rows.map((row) => {
        const { passed, failed, not_evaluated } = row;
        return { ...groupView(row), passed, failed, not_evaluated };
      });
      return { items, total_rows: rows[0]?.total ?? 0 };
    },
    list_running_places: async ({ account, params }) => ({
      items: (await placesOf(db, account, params.image_digest.toLowerCase(), cutoff())).map(
        ({ namespace, workload, first_seen, last_seen, ...row }) => ({
          ...row,
          ...present({ namespace: namespace || null, workload }),
          first_seen: first_seen.toISOString(),
          last_seen: last_seen.toISOString(),
        }),
      ),
    }),
  });
}

function groupView({ inventory_type, cluster, namespace, workload, images, images_not_analyzed }: GroupRow) {
  return { inventory_type, cluster, ...present({ namespace, workload }), images, images_not_analyzed };
}
