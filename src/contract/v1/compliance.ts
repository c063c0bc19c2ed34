import { z } from 'zod';
import { v1Operation } from './operation.ts';

/** Runtime compliance, below `/v1/enterprise`. */
export const v1ComplianceOperations = {
  add_runtime_compliance_check: v1Operation('add_runtime_compliance_check', {
    path: '/enterprise/runtime_compliance',
    status: 200,
  }),
  get_runtime_compliance_checks: v1Operation('list_runtime_compliance_checks', {
    path: '/enterprise/runtime_compliance',
    query: z.object({ image_digest: z.string().optional() }),
    id: 'get_runtime_compliance_checks',
  }),
  get_runtime_compliance_result: v1Operation('get_runtime_compliance_file', {
    path: '/enterprise/runtime_compliance/result/{file_id}',
    id: 'get_runtime_compliance_result',
  }),
};
