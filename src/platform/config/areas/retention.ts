import { z } from 'zod';
import { flag, integer } from '../fields.ts';
import { setting } from '../setting.ts';

/** A whole number within bounds, or none. */
function wholeNumber(min: number, max: number) {
  return integer(0, min, max).removeDefault().optional();
}

export const retentionArea = {
  title: 'Retention',
  schema: z.strictObject({
    inventory_ttl_days: setting(
      {
        env: 'WINDLASS_INVENTORY_TTL_DAYS',
        aliases: ['ANCHORE_ENTERPRISE_RUNTIME_INVENTORY_TTL_DAYS'],
        doc: 'Days after which what no cluster reports any more leaves the runtime inventory. 0 keeps it for ever; a negative number keeps the latest report alone.',
        defaultText: '`120`',
      },
      wholeNumber(-1, 36_500),
    ),
    inventory_ingest_overwrite: setting(
      {
        env: 'WINDLASS_INVENTORY_INGEST_OVERWRITE',
        aliases: ['ANCHORE_ENTERPRISE_RUNTIME_INVENTORY_INGEST_OVERWRITE'],
        doc: 'A report replaces what the same cluster and namespace reported before, instead of adding to it.',
        defaultText: '`false`',
      },
      flag(false).removeDefault().optional(),
    ),
    image_ttl_days: setting(
      {
        env: 'WINDLASS_IMAGE_TTL_DAYS',
        doc: 'Older name of `inventory_ttl_days`, which wins when both are set.',
      },
      wholeNumber(-1, 36_500),
    ),
    image_ingest_overwrite: setting(
      {
        env: 'WINDLASS_IMAGE_INGEST_OVERWRITE',
        doc: 'Older name of `inventory_ingest_overwrite`, which wins when both are set.',
      },
      flag(false).removeDefault().optional(),
    ),
    integration_health_days: setting(
      {
        env: 'WINDLASS_INTEGRATION_HEALTH_DAYS',
        aliases: ['ANCHORE_ENTERPRISE_INTEGRATION_HEALTH_REPORTS_TTL_DAYS'],
        doc: 'Days for which health reports of agents are kept.',
      },
      integer(2, 1, 3_650),
    ),
    import_operation_days: setting(
      {
        env: 'WINDLASS_IMPORT_OPERATION_DAYS',
        aliases: ['ANCHORE_IMPORT_OPERATION_EXPIRATION_DAYS'],
        doc: 'Days for which the parts of an unfinished import are kept.',
      },
      integer(7, 1, 365),
    ),
    event_days: setting(
      { env: 'WINDLASS_EVENT_DAYS', doc: 'Days for which events are kept.' },
      integer(180, 1, 36_500),
    ),
    audit_days: setting(
      { env: 'WINDLASS_AUDIT_DAYS', doc: 'Days for which entries of the audit log are kept.' },
      integer(730, 1, 36_500),
    ),
    evaluation_days: setting(
      {
        env: 'WINDLASS_EVALUATION_DAYS',
        doc: 'Days for which superseded policy evaluations are kept; the latest always stays.',
      },
      integer(365, 1, 36_500),
    ),
    policy_evaluation_cache_seconds: setting(
      {
        env: 'WINDLASS_POLICY_EVALUATION_CACHE_SECONDS',
        aliases: ['ANCHORE_POLICY_EVAL_CACHE_TTL_SECONDS'],
        doc: 'Longest time for which an evaluation whose inputs are unchanged is used again (accepted; not used yet).',
      },
      integer(3_600, 0, 604_800),
    ),
  }),
};
