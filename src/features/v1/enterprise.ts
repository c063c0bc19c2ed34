import { v1EnterpriseOperations } from '#contract/v1/enterprise.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { bindV1, same, translated } from './bind.ts';
import { checkImage } from './images.ts';
import type { SecondGeneration } from './second-generation.ts';
import { v1Vulnerability } from './vulnerability-words.ts';

/** Routes about images, alerts, actions and corrections below `/v1/enterprise`. */
export function v1EnterpriseRoutes(v2: SecondGeneration): BoundOperation[] {
  return bindV1(
    v1EnterpriseOperations,
    {
      get_image_policy_check_by_digest: checkImage,
      get_image_vulnerabilities_by_digest: translated(({ vulnerabilities = [], ...rest }) => ({
        ...rest,
        vulnerabilities: vulnerabilities.map(v1Vulnerability),
      })),
      get_image_ancestors: translated((ancestors) =>
        ancestors.map(({ image_digest, tags = [], layers = [] }) => ({ imageDigest: image_digest, tags, layers })),
      ),
      get_action_plans: same,
      add_action_plan: same,
      get_alert_summaries: same,
      get_compliance_violation_alerts: same,
      get_compliance_violation_alert: same,
      update_compliance_violation_alert_state: ({ next, params }) =>
        next({ params: { uuid: params.uuid }, body: { state: params.state } }),
      get_corrections: same,
      add_correction: translated((correction) => [correction]),
      get_correction_by_uuid: same,
      update_correction_by_uuid: same,
      delete_correction_by_uuid: same,
    },
    v2,
  );
}
