import { createSamlIdp } from '../../builders/saml-idp.ts';
import type { Examples, Scene } from './types.ts';

const RULE = { transition: 'archive', analysis_age_days: 400, tag_versions_newer: 3 };
const LIFECYCLE = {
  action: 'delete',
  policy_conditions: { artifact_type: 'image', days_since_analyzed: 400, even_if_exists_in_runtime_inventory: false },
};
const KEY_EXPIRES = () => new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z/, 'Z');
/** A setting that changes nothing of a short run. */
const SETTING = 'retention.import_operation_days';

const newRule = async ({ client }: Scene) => (await client.post('/archives/rules', RULE)).json().rule_id as string;
const newLifecycle = async ({ client, fresh }: Scene) =>
  (await client.post('/system/artifact-lifecycle-policies', { ...LIFECYCLE, name: fresh() })).json().uuid as string;
const newAccount = async ({ client, fresh }: Scene) => {
  const name = `account-${fresh()}`;
  await client.post('/accounts', { name });
  return { account_name: name };
};
const newUser = async (scene: Scene) => {
  const params = { ...(await newAccount(scene)), username: `user-${scene.fresh()}` };
  await scene.client.post(`/accounts/${params.account_name}/users`, {
    username: params.username,
    password: 'pass-word',
  });
  return params;
};
/** A user of the caller's own account. */
const newColleague = async (scene: Scene) => {
  const params = { account_name: scene.account, username: `user-${scene.fresh()}` };
  await scene.client.post(`/accounts/${scene.account}/users`, { username: params.username, password: 'pass-word' });
  return params;
};
const newKey = async (scene: Scene) => {
  const params = { ...(await newColleague(scene)), key_name: `key-${scene.fresh()}` };
  const path = `/accounts/${params.account_name}/users/${params.username}/api-keys`;
  await scene.client.post(path, { name: params.key_name, expires_at: KEY_EXPIRES() });
  return params;
};
const newOwnKey = async ({ client, fresh }: Scene) => {
  const key_name = `key-${fresh()}`;
  await client.post('/user/api-keys', { name: key_name, expires_at: KEY_EXPIRES() });
  return { key_name };
};
const newGroup = async ({ client, fresh }: Scene) => {
  const made = await client.post('/system/user-groups', { name: `group-${fresh()}`, description: 'one' });
  return { group_uuid: made.json().group_uuid as string };
};
const newMember = async (scene: Scene) => {
  const { username } = await newColleague(scene);
  await scene.client.post('/rbac-manager/roles/read-only/members', { username, domain_name: scene.account });
  return { params: { role_name: 'read-only' }, query: { username, domain_name: scene.account } };
};
const newArchived = async (scene: Scene) => {
  const { digest } = await scene.newImage();
  await scene.client.post('/archives/images', [digest]);
  return { image_digest: digest };
};

let metadata: string | undefined;
const saml = (name: string) => {
  metadata ??= createSamlIdp().metadata();
  return {
    name,
    enabled: true,
    sp_entity_id: 'https://windlass.example.org',
    acs_url: 'https://windlass.example.org/v2/rbac-manager/saml/sso/corp',
    acs_https_port: -1,
    idp_metadata_xml: metadata,
    default_account: 'people',
    default_role: 'read-only',
  };
};
const oidc = (name: string) => ({
  name,
  enabled: true,
  issuer: 'https://idp.example.org',
  client_id: 'windlass',
  client_secret: 'the secret',
  redirect_uri: `https://windlass.example.org/v2/windlass/oidc/callback/${name}`,
  default_account: 'people',
  default_role: 'read-only',
});
const newSaml = async ({ client, fresh }: Scene) => {
  const name = `saml-${fresh()}`;
  await client.post('/rbac-manager/saml/idps', saml(name));
  return { name };
};
const newOidc = async ({ client, fresh }: Scene) => {
  const name = `oidc-${fresh()}`;
  await client.post('/windlass/oidc/providers', oidc(name));
  return { name };
};
const aService = async (client: Scene['client']) => {
  const [row] = (await client.get('/system/services')).json() as { service_name: string; host_id: string }[];
  return { service_name: row?.service_name ?? 'none', host_id: row?.host_id ?? 'none' };
};
const mapped = async (scene: Scene, path: string, { name }: { name: string }) => {
  const { group_uuid } = await newGroup(scene);
  await scene.client.post(`${path}/${name}/user-group-mappings`, { user_group_uuids: [group_uuid] });
  return { params: { name }, query: { user_group: group_uuid } };
};

/** What administrators set up, and the archive. */
export const INSTALLATION: Examples = {
  create_account: ({ fresh }) => ({ body: { name: `account-${fresh()}`, email: 'team@example.org' } }),
  get_account: async (scene) => ({ params: await newAccount(scene) }),
  update_account: async (scene) => ({ params: await newAccount(scene), body: { email: 'new@example.org' } }),
  update_account_state: async (scene) => ({ params: await newAccount(scene), body: { state: 'disabled' } }),
  async delete_account(scene) {
    const params = await newAccount(scene);
    await scene.client.put(`/accounts/${params.account_name}/state`, { state: 'disabled' });
    return { params };
  },
  create_user: ({ account, fresh }) => ({
    params: { account_name: account },
    body: { username: `user-${fresh()}`, password: 'pass-word' },
  }),
  list_users: ({ account }) => ({ params: { account_name: account } }),
  list_users_with_roles: ({ account }) => ({ params: { account_name: account } }),
  get_account_user: async (scene) => ({ params: await newColleague(scene) }),
  delete_user: async (scene) => ({ params: await newUser(scene) }),
  revoke_user_access: async (scene) => ({ params: await newColleague(scene) }),
  list_user_api_keys: async (scene) => ({ params: await newColleague(scene) }),
  create_user_api_key: async (scene) => ({
    params: await newColleague(scene),
    body: { name: scene.fresh(), expires_at: KEY_EXPIRES() },
  }),
  get_user_api_key: async (scene) => ({ params: await newKey(scene) }),
  patch_user_api_key: async (scene) => ({ params: await newKey(scene), body: { description: scene.fresh() } }),
  delete_user_api_key: async (scene) => ({ params: await newKey(scene) }),
  create_api_key: ({ fresh }) => ({ body: { name: fresh(), expires_at: KEY_EXPIRES() } }),
  get_api_key: async (scene) => ({ params: await newOwnKey(scene) }),
  patch_api_key: async (scene) => ({ params: await newOwnKey(scene), body: { description: scene.fresh() } }),
  delete_api_key: async (scene) => ({ params: await newOwnKey(scene) }),
  list_role_members: ({ account }) => ({ params: { role_name: 'read-only' }, query: { domain_name: account } }),
  add_role_user: async (scene) => ({
    params: { role_name: 'read-only' },
    body: { username: (await newColleague(scene)).username, domain_name: scene.account },
  }),
  delete_role_user: newMember,
  list_user_roles: async (scene) => ({ params: { username: (await newColleague(scene)).username } }),
  create_user_group: ({ fresh }) => ({ body: { name: `group-${fresh()}`, description: 'one' } }),
  get_user_group: async (scene) => ({ params: await newGroup(scene) }),
  update_user_group: async (scene) => ({ params: await newGroup(scene), body: { description: scene.fresh() } }),
  list_user_group_roles: async (scene) => ({ params: await newGroup(scene) }),
  list_user_group_users: async (scene) => ({ params: await newGroup(scene) }),
  add_user_group_roles: async (scene) => ({
    params: await newGroup(scene),
    body: { domain_name: (await newAccount(scene)).account_name, roles: [{ role: 'read-only' }] },
  }),
  add_user_group_users: async (scene) => ({
    params: await newGroup(scene),
    body: { usernames: [{ username: (await newUser(scene)).username }] },
  }),
  async delete_user_group_role(scene) {
    const params = await newGroup(scene);
    const { account_name } = await newAccount(scene);
    await scene.client.post(`/system/user-groups/${params.group_uuid}/roles`, {
      domain_name: account_name,
      roles: [{ role: 'read-only' }],
    });
    return { params, query: { all_roles_for_account: account_name } };
  },
  async delete_user_group_users(scene) {
    const params = await newGroup(scene);
    const { username } = await newUser(scene);
    await scene.client.post(`/system/user-groups/${params.group_uuid}/users`, { usernames: [{ username }] });
    return { params, query: { username } };
  },
  delete_user_group: async (scene) => ({ params: await newGroup(scene) }),
  get_configuration: () => ({ params: { config_key: SETTING } }),
  put_configuration: () => ({ params: { config_key: SETTING }, body: { key: SETTING, value: 3 } }),
  patch_configuration: () => ({ body: [{ key: SETTING, value: 4 }] }),
  delete_configuration: () => ({ params: { config_key: SETTING } }),
  get_services_by_name: () => ({ params: { service_name: 'apiext' } }),
  archive_image_analysis: async (scene) => ({ body: [(await scene.newImage()).digest] }),
  get_archived_analysis: async (scene) => ({ params: await newArchived(scene) }),
  delete_archived_analysis: async (scene) => ({ params: await newArchived(scene) }),
  create_analysis_archive_rule: () => ({ body: RULE }),
  get_analysis_archive_rule: async (scene) => ({ params: { rule_id: await newRule(scene) } }),
  preview_archive_rule: async (scene) => ({ params: { rule_id: await newRule(scene) } }),
  delete_analysis_archive_rule: async (scene) => ({ params: { rule_id: await newRule(scene) } }),
  create_artifact_lifecycle_policy: ({ fresh }) => ({ body: { ...LIFECYCLE, name: fresh() } }),
  get_artifact_lifecycle_policy: async (scene) => ({ params: { policy_uuid: await newLifecycle(scene) } }),
  get_artifact_lifecycle_policy_by_version: async (scene) => ({ params: { policy_uuid: await newLifecycle(scene) } }),
  preview_artifact_lifecycle_policy: async (scene) => ({ params: { policy_uuid: await newLifecycle(scene) } }),
  update_artifact_lifecycle_policy: async (scene) => ({
    params: { policy_uuid: await newLifecycle(scene) },
    body: { ...LIFECYCLE, name: scene.fresh() },
  }),
  delete_artifact_lifecycle_policy: async (scene) => ({ params: { policy_uuid: await newLifecycle(scene) } }),
  rollback_feed_build: () => ({}),
  list_user_credentials: async (scene) => ({ params: await newColleague(scene) }),
  get_services_by_name_and_host: async ({ client }) => ({ params: await aService(client) }),
  get_system_feed: () => ({ params: { feed: 'vulnerability_db' } }),
  add_idp: ({ fresh }) => ({ body: saml(`saml-${fresh()}`) }),
  get_idp: async (scene) => ({ params: await newSaml(scene) }),
  async update_idp(scene) {
    const params = await newSaml(scene);
    return { params, body: saml(params.name) };
  },
  get_idp_user_groups: async (scene) => ({ params: await newSaml(scene) }),
  add_idp_user_groups: async (scene) => ({
    params: await newSaml(scene),
    body: { user_group_uuids: [(await newGroup(scene)).group_uuid] },
  }),
  delete_idp_user_group: async (scene) => mapped(scene, '/rbac-manager/saml/idps', await newSaml(scene)),
  begin_saml_sign_in: async (scene) => ({ params: await newSaml(scene) }),
  saml_login: async (scene) => ({ params: { idp_name: (await newSaml(scene)).name } }),
  get_saml_sp_metadata: async (scene) => ({ params: await newSaml(scene) }),
  delete_idp: async (scene) => ({ params: await newSaml(scene) }),
  create_oidc_provider: ({ fresh }) => ({ body: oidc(`oidc-${fresh()}`) }),
  get_oidc_provider: async (scene) => ({ params: await newOidc(scene) }),
  async update_oidc_provider(scene) {
    const params = await newOidc(scene);
    return { params, body: oidc(params.name) };
  },
  list_oidc_user_groups: async (scene) => ({ params: await newOidc(scene) }),
  add_oidc_user_groups: async (scene) => ({
    params: await newOidc(scene),
    body: { user_group_uuids: [(await newGroup(scene)).group_uuid] },
  }),
  delete_oidc_user_group: async (scene) => mapped(scene, '/windlass/oidc/providers', await newOidc(scene)),
  delete_oidc_provider: async (scene) => ({ params: await newOidc(scene) }),
};
