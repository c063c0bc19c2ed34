import { v1ComplianceOperations } from '#contract/v1/compliance.ts';
import type { RuntimeComplianceCheck } from '#contract/windlass-compliance.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { notFound } from '#shared/errors.ts';
import { bindV1, same } from './bind.ts';
import type { SecondGeneration } from './second-generation.ts';

/** Checks in one call of the second generation. */
const PAGE = 1000;

/** Routes of runtime compliance. */
export function v1ComplianceRoutes(v2: SecondGeneration): BoundOperation[] {
  return bindV1(
    v1ComplianceOperations,
    {
      add_runtime_compliance_check: same,
      /** The first generation has no pages, and an empty list is a 404. */
      async get_runtime_compliance_checks({ call, query }) {
        const { image_digest } = query;
        const filter = typeof image_digest === 'string' ? { image_digest } : {};
        const checks: RuntimeComplianceCheck[] = [];
        for (let page = 1; ; page += 1) {
          const { items } = await call('list_runtime_compliance_checks', { query: { ...filter, page, limit: PAGE } });
          checks.push(...items);
          if (items.length < PAGE) break;
        }
        if (checks.length === 0) throw notFound('no runtime compliance checks found');
        return checks;
      },
      get_runtime_compliance_result: same,
    },
    v2,
  );
}
