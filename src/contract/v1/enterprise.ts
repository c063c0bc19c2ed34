import { z } from 'zod';
import { v1Operation } from './operation.ts';

const VIOLATIONS = '/enterprise/alerts/compliance_violations';

/** What was served below `/v1/enterprise` about images, alerts, actions and corrections. */
export const v1EnterpriseOperations = {
  get_image_policy_check_by_digest: v1Operation('get_image_policy_check_by_digest', {
    id: 'enterprise_get_image_policy_check',
    path: '/enterprise/images/{image_digest}/check',
    rename: { policy_id: 'policyId' },
    extend: { tag: z.string().optional() },
  }),
  get_image_vulnerabilities_by_digest: v1Operation('get_image_vulnerabilities_by_digest', {
    id: 'enterprise_get_image_vulnerabilities',
    path: '/enterprise/images/{image_digest}/vuln/{vuln_type}',
  }),
  get_image_ancestors: v1Operation('get_image_ancestors', { path: '/enterprise/images/{image_digest}/ancestors' }),
  get_action_plans: v1Operation('get_action_plans', { path: '/enterprise/actions' }),
  add_action_plan: v1Operation('add_action_plan', { path: '/enterprise/actions' }),
  get_alert_summaries: v1Operation('get_alert_summaries', { path: '/enterprise/alerts/summaries' }),
  get_compliance_violation_alerts: v1Operation('get_compliance_violation_alerts', { path: VIOLATIONS }),
  get_compliance_violation_alert: v1Operation('get_compliance_violation_alert', { path: `${VIOLATIONS}/{uuid}` }),
  update_compliance_violation_alert_state: v1Operation('update_compliance_violation_alert_state', {
    method: 'PUT',
    path: `${VIOLATIONS}/{uuid}/{state}`,
    params: z.object({ uuid: z.string(), state: z.string() }),
    body: z.unknown(),
    optionalBody: true,
  }),
  get_corrections: v1Operation('get_corrections', { path: '/enterprise/corrections' }),
  add_correction: v1Operation('add_correction', { path: '/enterprise/corrections' }),
  get_correction_by_uuid: v1Operation('get_correction_by_uuid', { path: '/enterprise/corrections/{uuid}' }),
  update_correction_by_uuid: v1Operation('update_correction_by_uuid', { path: '/enterprise/corrections/{uuid}' }),
  delete_correction_by_uuid: v1Operation('delete_correction_by_uuid', { path: '/enterprise/corrections/{uuid}' }),
};

/** Roles: they had a server of their own, here its paths stand below the name of it. */
export const v1RoleOperations = {
  list_roles: v1Operation('list_roles'),
  get_role: v1Operation('get_role'),
  list_role_members: v1Operation('list_role_members'),
  add_role_user: v1Operation('add_role_user'),
  delete_role_user: v1Operation('delete_role_user'),
  list_user_roles: v1Operation('list_user_roles'),
  my_roles: v1Operation('my_roles', { path: '/rbac-manager/my_roles' }),
};

/** Single sign-on. */
export const v1SamlOperations = {
  list_idps: v1Operation('list_idps'),
  add_idp: v1Operation('add_idp'),
  get_idp: v1Operation('get_idp'),
  update_idp: v1Operation('update_idp'),
  delete_idp: v1Operation('delete_idp'),
  saml_login: v1Operation('saml_login'),
  saml_sso: v1Operation('saml_sso'),
};
