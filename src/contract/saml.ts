import { z } from 'zod';
import { queryList, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Body of `add_idp`, `update_idp`. */
export const RbacManagerSamlConfiguration = z
  .object({
    name: z.string().regex(/^[a-zA-Z0-9_-]+$/),
    enabled: z.boolean(),
    sp_entity_id: z.string(),
    acs_url: z.string(),
    acs_https_port: z.int().optional(),
    idp_metadata_url: z.string().optional(),
    idp_metadata_xml: z.string().optional(),
    idp_username_attribute: z.string().optional(),
    idp_account_attribute: z.string().optional(),
    idp_role_attribute: z.string().optional(),
    idp_groups_attribute: z.string().optional(),
    default_account: z.string().optional(),
    default_role: z.string().optional(),
    require_signed_assertions: z.boolean().default(true),
    require_signed_response: z.boolean().default(true),
    /** Sign login requests. Absent: where the metadata of the provider wants it. */
    sign_requests: z.boolean().optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
    require_existing_users: z.boolean().default(false),
  })
  .meta({ id: 'RbacManagerSamlConfiguration' });
export type RbacManagerSamlConfiguration = z.output<typeof RbacManagerSamlConfiguration>;

/** Part of `RbacManagerIdpUserGroups`. */
export const RbacManagerIdpUserGroup = z
  .object({
    user_group_uuid: z.string(),
    user_group_name: z.string().optional(),
    mapped_on: timestamp.optional(),
  })
  .meta({ id: 'RbacManagerIdpUserGroup' });
export type RbacManagerIdpUserGroup = z.output<typeof RbacManagerIdpUserGroup>;

/** Answer of `get_idp_user_groups`, `add_idp_user_groups`. */
export const RbacManagerIdpUserGroups = z.array(RbacManagerIdpUserGroup).meta({ id: 'RbacManagerIdpUserGroups' });
export type RbacManagerIdpUserGroups = z.output<typeof RbacManagerIdpUserGroups>;

/** Body of `add_idp_user_groups`. */
export const RbacManagerIdpUserGroupPost = z
  .object({
    user_group_uuids: z.array(z.string()).optional(),
  })
  .meta({ id: 'RbacManagerIdpUserGroupPost' });
export type RbacManagerIdpUserGroupPost = z.output<typeof RbacManagerIdpUserGroupPost>;

/** Answer of `get_idp`. */
export const RbacManagerSamlConfigurationGet = RbacManagerSamlConfiguration.extend({
  user_groups: z
    .array(
      z.object({
        user_group: z.string().optional(),
        added_on: timestamp.optional(),
      }),
    )
    .optional(),
}).meta({ id: 'RbacManagerSamlConfigurationGet' });
export type RbacManagerSamlConfigurationGet = z.output<typeof RbacManagerSamlConfigurationGet>;

/** Answer of `saml_sso`, and of `saml_login` for a client that is no browser: there the token is the login request. */
export const RbacManagerTokenResponse = z
  .object({
    token: z.string(),
    /** `saml_login`: where to go with the request. */
    redirect_url: z.string().optional(),
  })
  .meta({ id: 'RbacManagerTokenResponse' });
export type RbacManagerTokenResponse = z.output<typeof RbacManagerTokenResponse>;

/** Operations of saml. */
export const samlOperations = {
  /** List idps. */
  list_idps: defineOperation({
    id: 'list_idps',
    method: 'GET',
    path: '/rbac-manager/saml/idps',
    tag: 'RBAC',
    summary: 'List idps',
    permission: 'admin',
    success: { status: 200, schema: z.array(z.string()) },
    errors: [500],
  }),
  /** Add idp. */
  add_idp: defineOperation({
    id: 'add_idp',
    method: 'POST',
    path: '/rbac-manager/saml/idps',
    tag: 'RBAC',
    summary: 'Add idp',
    permission: 'admin',
    body: RbacManagerSamlConfiguration,
    success: { status: 200, schema: RbacManagerSamlConfiguration },
    errors: [400, 409, 415, 500],
  }),
  /** Read idp user groups. */
  get_idp_user_groups: defineOperation({
    id: 'get_idp_user_groups',
    method: 'GET',
    path: '/rbac-manager/saml/idps/{name}/user-group-mappings',
    tag: 'RBAC',
    summary: 'Read idp user groups',
    permission: 'admin',
    params: z.object({ name: z.string() }),
    success: { status: 200, schema: RbacManagerIdpUserGroups },
    errors: [404, 500],
  }),
  /** Add idp user groups. */
  add_idp_user_groups: defineOperation({
    id: 'add_idp_user_groups',
    method: 'POST',
    path: '/rbac-manager/saml/idps/{name}/user-group-mappings',
    tag: 'RBAC',
    summary: 'Add idp user groups',
    permission: 'admin',
    params: z.object({ name: z.string() }),
    body: RbacManagerIdpUserGroupPost,
    success: { status: 200, schema: RbacManagerIdpUserGroups },
    errors: [400, 404, 409, 500],
  }),
  /** Delete idp user group. */
  delete_idp_user_group: defineOperation({
    id: 'delete_idp_user_group',
    method: 'DELETE',
    path: '/rbac-manager/saml/idps/{name}/user-group-mappings',
    tag: 'RBAC',
    summary: 'Delete idp user group',
    permission: 'admin',
    params: z.object({ name: z.string() }),
    query: z.object({
      user_group: queryList(z.string(), { repeated: true }),
    }),
    success: { status: 204, schema: null },
    errors: [400, 404, 500],
  }),
  /** Read idp. */
  get_idp: defineOperation({
    id: 'get_idp',
    method: 'GET',
    path: '/rbac-manager/saml/idps/{name}',
    tag: 'RBAC',
    summary: 'Read idp',
    permission: 'admin',
    params: z.object({ name: z.string() }),
    success: { status: 200, schema: RbacManagerSamlConfigurationGet },
    errors: [404, 500],
  }),
  /** Update idp. */
  update_idp: defineOperation({
    id: 'update_idp',
    method: 'PUT',
    path: '/rbac-manager/saml/idps/{name}',
    tag: 'RBAC',
    summary: 'Update idp',
    permission: 'admin',
    params: z.object({ name: z.string() }),
    body: RbacManagerSamlConfiguration,
    success: { status: 200, schema: RbacManagerSamlConfiguration },
    errors: [400, 404, 415, 500],
  }),
  /** Delete idp. */
  delete_idp: defineOperation({
    id: 'delete_idp',
    method: 'DELETE',
    path: '/rbac-manager/saml/idps/{name}',
    tag: 'RBAC',
    summary: 'Delete idp',
    permission: 'admin',
    params: z.object({ name: z.string() }),
    success: { status: 204, schema: null },
    errors: [404, 500],
  }),
  /** Saml login. */
  saml_login: defineOperation({
    id: 'saml_login',
    method: 'GET',
    path: '/rbac-manager/saml/login/{idp_name}',
    tag: 'RBAC',
    summary: 'Saml login',
    permission: 'anonymous',
    params: z.object({ idp_name: z.string() }),
    success: { status: 200, schema: RbacManagerTokenResponse },
    errors: [400, 403, 404, 500],
  }),
  /** Saml sso. */
  saml_sso: defineOperation({
    id: 'saml_sso',
    method: 'POST',
    path: '/rbac-manager/saml/sso/{idp_name}',
    tag: 'RBAC',
    summary: 'Saml sso',
    permission: 'anonymous',
    params: z.object({ idp_name: z.string() }),
    /** The fields of the HTTP-POST binding. */
    body: z.object({ SAMLResponse: z.string().optional(), RelayState: z.string().optional() }),
    form: true,
    optionalBody: true,
    maxBodyBytes: 1024 * 1024,
    success: { status: 200, schema: RbacManagerTokenResponse },
    errors: [400, 403, 404, 415, 500],
  }),
};
