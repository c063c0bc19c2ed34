import type { PlacedOperation } from './reference.ts';

/** A file of `src/contract`: which operations of the reference belong to it. Order matters: a schema lands in the first noun that needs it. */
export interface Noun {
  file: string;
  /** Schemas get a file of their own, `<file>-schemas.ts`. */
  split?: boolean;
  has(operation: PlacedOperation): boolean;
}

const byId =
  (...ids: string[]) =>
  (operation: PlacedOperation) =>
    ids.includes(operation.operationId);
const byPath = (pattern: RegExp) => (operation: PlacedOperation) => pattern.test(operation.path);

export const nouns: Noun[] = [
  {
    file: 'system',
    has: byId(
      'ping',
      'health_check',
      'version_check',
      'get_status',
      'get_service_detail',
      'list_services',
      'get_services_by_name',
      'get_services_by_name_and_host',
      'delete_service',
      'describe_error_codes',
      'set_new_log_level',
    ),
  },
  {
    file: 'usage',
    has: byId('get_system_statistics', 'get_resource_limits', 'get_deployment_history'),
  },
  { file: 'policy-spec', has: byId('describe_policy') },
  { file: 'configurations', has: byPath(/^\/system\/configurations/) },
  { file: 'feeds', has: byPath(/^\/system\/feeds/) },
  { file: 'identity', has: byPath(/^\/(user|account|my-user-groups)(\/|$)/) },
  { file: 'oauth', has: byPath(/^\/oauth\//) },
  { file: 'accounts', has: byPath(/^\/accounts(\/\{account_name\}(\/state)?)?$/) },
  { file: 'users', has: byPath(/^\/accounts\//) },
  { file: 'user-groups', has: byPath(/^\/system\/user-groups/) },
  { file: 'rbac', has: (operation) => /^\/rbac-manager\//.test(operation.path) && !/\/saml\//.test(operation.path) },
  { file: 'images', split: true, has: byPath(/^\/(images(\/\{image_digest\}(\/ancestors)?)?|summaries\/.*)$/) },
  { file: 'image-content', has: byPath(/^\/images\/\{image_digest\}\/(content|metadata)/) },
  { file: 'image-artifacts', has: byPath(/^\/images\/\{image_digest\}\/artifacts/) },
  { file: 'image-sboms', has: byPath(/^\/images\/\{image_digest\}\/sboms/) },
  { file: 'image-vulnerabilities', has: byPath(/^\/images\/\{image_digest\}\/vuln(\/|$)/) },
  { file: 'policies', has: byPath(/^\/policies/) },
  { file: 'image-check', has: byPath(/^\/images\/\{image_digest\}\/check$/) },
  { file: 'registries', has: byPath(/^\/registries/) },
  { file: 'repositories', has: byPath(/^\/repositories/) },
  { file: 'subscriptions', has: byPath(/^\/subscriptions/) },
  { file: 'query', has: byPath(/^\/query\//) },
  { file: 'events', has: byPath(/^\/event/) },
  { file: 'corrections', has: byPath(/^\/corrections/) },
  { file: 'vulnerability-annotations', has: byPath(/^\/images\/\{image_digest\}\/vuln-annotations/) },
  { file: 'vex', has: byPath(/^\/images\/\{image_digest\}\/vex\//) },
  { file: 'scan', has: byPath(/^\/(scan|vulnerability-scan)$/) },
  { file: 'kubernetes', has: byPath(/^\/kubernetes-/) },
  { file: 'ecs', has: byPath(/^\/ecs-/) },
  { file: 'inventories', has: byPath(/^\/inventories/) },
  { file: 'integrations', has: byPath(/^\/system\/integrations/) },
  { file: 'stig', has: byPath(/\/stig(\/|$)|stig-entitlement/) },
  { file: 'actions', has: byPath(/^\/actions/) },
  { file: 'alerts', has: byPath(/^\/alerts/) },
  { file: 'applications', has: byPath(/^\/applications/) },
  { file: 'artifact-relationships', has: byPath(/^\/artifact-relationships/) },
  { file: 'archives', has: byPath(/^\/archives/) },
  { file: 'artifact-lifecycle-policies', has: byPath(/^\/system\/artifact-lifecycle-policies/) },
  { file: 'image-imports', split: true, has: byPath(/^\/imports\/images/) },
  { file: 'source-imports', has: byPath(/^\/imports\/sources/) },
  { file: 'sources', has: byPath(/^\/sources/) },
  { file: 'notifications', split: true, has: byPath(/^\/notifications/) },
  { file: 'saml', has: byPath(/^\/rbac-manager\/saml/) },
  { file: 'query-results', has: byPath(/^\/reporting/) },
  { file: 'webhooks', has: byPath(/^\/system\/webhooks/) },
];

const ANONYMOUS = new Set([
  'ping',
  'health_check',
  'version_check',
  'get_oauth_token',
  'revoke_oauth_token',
  'saml_login',
  'saml_sso',
]);
const ADMIN = new Set(['test_webhook', 'list_idps', 'add_idp', 'get_idp', 'update_idp', 'delete_idp']);
const OPEN = new Set(['get_users_account']);

/** The permission of an operation as source text. */
export function permissionSource(operation: PlacedOperation): string {
  const action = operation['x-anchore-authz-action'] ?? 'None';
  const id = operation.operationId;
  if (ANONYMOUS.has(id)) return `'anonymous'`;
  if (ADMIN.has(id) || /user-group-mappings/.test(operation.path)) return `'admin'`;
  if (action === 'None' || action.startsWith('self') || OPEN.has(id)) return `'authenticated'`;
  return `{ action: '${action}', domain: '${domainOf(operation)}' }`;
}

function domainOf({ path }: PlacedOperation): string {
  if (/^\/accounts\/\{account_name\}\/users/.test(path)) return 'path';
  if (/^\/(accounts|system)(\/|$)/.test(path)) return 'system';
  if (/^\/rbac-manager\/roles\/\{role_name\}\/members/.test(path)) return 'request';
  return 'account';
}
