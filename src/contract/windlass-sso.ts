import { z } from 'zod';
import { queryList, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';
import { RbacManagerIdpUserGroupPost, RbacManagerIdpUserGroups } from './saml.ts';

/** A way to sign in that the sign-in page offers. */
export const SignInOption = z
  .object({
    name: z.string(),
    kind: z.enum(['saml', 'oidc']),
    /** Where a browser goes to sign in; it takes `return_to`. */
    login_url: z.string(),
  })
  .meta({ id: 'SignInOption' });
export type SignInOption = z.output<typeof SignInOption>;

/** The ways to sign in. */
export const SignInOptions = z
  .object({
    /** Whether users with a password of this server may sign in; `admin` always may. */
    native: z.boolean(),
    providers: z.array(SignInOption),
  })
  .meta({ id: 'SignInOptions' });
export type SignInOptions = z.output<typeof SignInOptions>;

/** An OpenID Connect provider. The fields that begin with `idp_` and `default_` mean what they mean for SAML. */
export const OidcProvider = z
  .object({
    name: z
      .string()
      .regex(/^[a-zA-Z0-9_-]+$/)
      .max(100),
    enabled: z.boolean(),
    /** Issuer identifier: its discovery document is at `<issuer>/.well-known/openid-configuration`. */
    issuer: z.string(),
    client_id: z.string().min(1),
    /** Never returned. Absent in an update: stays as it is. */
    client_secret: z.string().optional(),
    token_endpoint_auth_method: z
      .enum(['client_secret_basic', 'client_secret_post', 'none'])
      .default('client_secret_basic'),
    /** Where the provider sends browsers after a sign-out, as registered there. Absent: a page of the provider ends it. */
    post_logout_redirect_uri: z.string().optional(),
    /** Address of `/v2/windlass/oidc/callback/{name}` as browsers reach it, as registered at the provider. */
    redirect_uri: z.string(),
    scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)).default(['openid', 'profile', 'email']),
    idp_username_attribute: z.string().optional(),
    idp_account_attribute: z.string().optional(),
    idp_role_attribute: z.string().optional(),
    idp_groups_attribute: z.string().optional(),
    default_account: z.string().optional(),
    default_role: z.string().optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'OidcProvider' });
export type OidcProvider = z.output<typeof OidcProvider>;

/** A key pair of this server as a SAML service provider. */
export const SamlKey = z
  .object({
    id: z.string(),
    /** `sign` and `decrypt`; providers encrypt for the newest and expect signatures of the oldest. */
    uses: z.array(z.enum(['sign', 'decrypt', 'encrypt'])),
    /** PEM. */
    certificate: z.string(),
    /** SHA-256 of the certificate, as programs show it. */
    fingerprint: z.string(),
    created_at: timestamp,
    expires_at: timestamp,
  })
  .meta({ id: 'SamlKey' });
export type SamlKey = z.output<typeof SamlKey>;

/** Where a browser goes after a sign-out. */
export const SignOut = z
  .object({
    /** Ends the session at the identity provider too; null when there is none, or it knows no logout. */
    redirect_url: z.string().nullable(),
  })
  .meta({ id: 'SignOut' });
export type SignOut = z.output<typeof SignOut>;

const named = z.object({ name: z.string() });
const returnTo = z.object({ return_to: z.string().optional() });
const message = z.object({ SAMLResponse: z.string().optional(), RelayState: z.string().optional() });
const logoutMessage = message.extend({ SAMLRequest: z.string().optional() });

/** Operations of single sign-on beyond the compatible ones. */
export const windlassSsoOperations = {
  /** The ways to sign in, for the sign-in page. */
  list_sign_in_options: defineOperation({
    id: 'list_sign_in_options',
    method: 'GET',
    path: '/windlass/sign-in-options',
    tag: 'Single sign-on',
    summary: 'List the ways to sign in',
    permission: 'anonymous',
    success: { status: 200, schema: SignInOptions },
    errors: [500],
  }),
  /** Sends a browser to the identity provider. */
  begin_saml_sign_in: defineOperation({
    id: 'begin_saml_sign_in',
    method: 'GET',
    path: '/windlass/saml/login/{name}',
    tag: 'Single sign-on',
    summary: 'Begin a SAML sign-in in a browser',
    permission: 'anonymous',
    params: named,
    query: returnTo,
    success: { status: 303, schema: null },
    errors: [400, 403, 404, 500],
  }),
  /** Where the identity provider sends the browser back to: an `acs_url`. */
  consume_saml_response: defineOperation({
    id: 'consume_saml_response',
    method: 'POST',
    path: '/windlass/saml/acs/{name}',
    tag: 'Single sign-on',
    summary: 'Take the response of a SAML identity provider from a browser',
    permission: 'anonymous',
    params: named,
    body: message,
    form: true,
    optionalBody: true,
    maxBodyBytes: 1024 * 1024,
    success: { status: 303, schema: null },
    errors: [400, 404, 415, 500],
  }),
  /** Gives the browser that began a SAML sign-in its session. */
  finish_saml_sign_in: defineOperation({
    id: 'finish_saml_sign_in',
    method: 'GET',
    path: '/windlass/saml/finish',
    tag: 'Single sign-on',
    summary: 'Finish a SAML sign-in in the browser that began it',
    permission: 'anonymous',
    query: z.object({ code: z.string().optional() }),
    success: { status: 303, schema: null },
    errors: [400, 500],
  }),
  /** Ends the session of the browser, and prepares the logout at the provider that began it. */
  sign_out: defineOperation({
    id: 'sign_out',
    method: 'POST',
    path: '/windlass/sign-out',
    tag: 'Single sign-on',
    summary: 'Sign out here, and learn where to sign out at the identity provider',
    permission: 'anonymous',
    success: { status: 200, schema: SignOut },
    errors: [403, 500],
  }),
  /** Sends a browser to the provider with a logout request. */
  continue_sign_out: defineOperation({
    id: 'continue_sign_out',
    method: 'GET',
    path: '/windlass/sign-out/provider',
    tag: 'Single sign-on',
    summary: 'Sign out at the identity provider',
    permission: 'anonymous',
    query: z.object({ code: z.string().optional() }),
    success: { status: 303, schema: null },
    errors: [400, 500],
  }),
  /** Logout messages of a provider in an address (HTTP-Redirect binding): its requests, and its answers to ours. */
  take_saml_logout: defineOperation({
    id: 'take_saml_logout',
    method: 'GET',
    path: '/windlass/saml/logout/{name}',
    tag: 'Single sign-on',
    summary: 'Take a logout message of a SAML identity provider from an address',
    permission: 'anonymous',
    params: named,
    success: { status: 303, schema: null },
    errors: [400, 403, 404, 500],
  }),
  /** Logout messages of a provider in a form (HTTP-POST binding). */
  take_saml_logout_form: defineOperation({
    id: 'take_saml_logout_form',
    method: 'POST',
    path: '/windlass/saml/logout/{name}',
    tag: 'Single sign-on',
    summary: 'Take a logout message of a SAML identity provider from a form',
    permission: 'anonymous',
    params: named,
    body: logoutMessage,
    form: true,
    optionalBody: true,
    maxBodyBytes: 1024 * 1024,
    success: { status: 303, schema: null },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Key pairs of this server as a SAML service provider. */
  list_saml_keys: defineOperation({
    id: 'list_saml_keys',
    method: 'GET',
    path: '/windlass/saml/keys',
    tag: 'Single sign-on',
    summary: 'List the key pairs of this server as a SAML service provider',
    permission: 'admin',
    success: { status: 200, schema: z.object({ items: z.array(SamlKey) }) },
    errors: [401, 403, 500],
  }),
  /** Begins a change of keys: both pairs are in the metadata until the former one is removed. */
  add_saml_key: defineOperation({
    id: 'add_saml_key',
    method: 'POST',
    path: '/windlass/saml/keys',
    tag: 'Single sign-on',
    summary: 'Add a key pair for SAML, to replace the former one',
    permission: 'admin',
    success: { status: 201, schema: SamlKey },
    errors: [401, 403, 409, 500],
  }),
  /** Ends a change of keys. */
  delete_saml_key: defineOperation({
    id: 'delete_saml_key',
    method: 'DELETE',
    path: '/windlass/saml/keys/{id}',
    tag: 'Single sign-on',
    summary: 'Remove a key pair for SAML',
    permission: 'admin',
    params: z.object({ id: z.string() }),
    success: { status: 204, schema: null },
    errors: [401, 403, 404, 409, 500],
  }),
  /** A provider ends sessions of its users, without a browser. */
  take_oidc_logout: defineOperation({
    id: 'take_oidc_logout',
    method: 'POST',
    path: '/windlass/oidc/logout/{name}',
    tag: 'Single sign-on',
    summary: 'Take a logout token of an OpenID provider (back-channel logout)',
    permission: 'anonymous',
    params: named,
    body: z.object({ logout_token: z.string().max(16_384).optional() }),
    form: true,
    optionalBody: true,
    success: { status: 200, schema: null },
    errors: [400, 404, 415, 500],
  }),
  /** Metadata of this server as a service provider. */
  get_saml_sp_metadata: defineOperation({
    id: 'get_saml_sp_metadata',
    method: 'GET',
    path: '/windlass/saml/metadata/{name}',
    tag: 'Single sign-on',
    summary: 'Download the SAML metadata of this server for an identity provider',
    permission: 'anonymous',
    params: named,
    success: { status: 200, contentType: 'application/samlmetadata+xml', raw: true, schema: z.string() },
    errors: [404, 500],
  }),
  /** Sends a browser to the OpenID provider. */
  begin_oidc_sign_in: defineOperation({
    id: 'begin_oidc_sign_in',
    method: 'GET',
    path: '/windlass/oidc/login/{name}',
    tag: 'Single sign-on',
    summary: 'Begin an OpenID Connect sign-in in a browser',
    permission: 'anonymous',
    params: named,
    query: returnTo,
    success: { status: 303, schema: null },
    errors: [400, 403, 404, 500],
  }),
  /** Where the OpenID provider sends the browser back to: the `redirect_uri`. */
  finish_oidc_sign_in: defineOperation({
    id: 'finish_oidc_sign_in',
    method: 'GET',
    path: '/windlass/oidc/callback/{name}',
    tag: 'Single sign-on',
    summary: 'Finish an OpenID Connect sign-in',
    permission: 'anonymous',
    params: named,
    query: z.object({
      code: z.string().max(8192).optional(),
      state: z.string().max(1024).optional(),
      error: z.string().max(1024).optional(),
      iss: z.string().max(1024).optional(),
    }),
    success: { status: 303, schema: null },
    errors: [400, 404, 500],
  }),
  /** List OpenID Connect providers. */
  list_oidc_providers: defineOperation({
    id: 'list_oidc_providers',
    method: 'GET',
    path: '/windlass/oidc/providers',
    tag: 'Single sign-on',
    summary: 'List OpenID Connect providers',
    permission: 'admin',
    success: { status: 200, schema: z.object({ items: z.array(OidcProvider) }) },
    errors: [401, 403, 500],
  }),
  /** Add an OpenID Connect provider. */
  create_oidc_provider: defineOperation({
    id: 'create_oidc_provider',
    method: 'POST',
    path: '/windlass/oidc/providers',
    tag: 'Single sign-on',
    summary: 'Add an OpenID Connect provider',
    permission: 'admin',
    body: OidcProvider,
    success: { status: 201, schema: OidcProvider },
    errors: [400, 401, 403, 409, 415, 500],
  }),
  /** Read an OpenID Connect provider. */
  get_oidc_provider: defineOperation({
    id: 'get_oidc_provider',
    method: 'GET',
    path: '/windlass/oidc/providers/{name}',
    tag: 'Single sign-on',
    summary: 'Read an OpenID Connect provider',
    permission: 'admin',
    params: named,
    success: { status: 200, schema: OidcProvider },
    errors: [401, 403, 404, 500],
  }),
  /** Change an OpenID Connect provider. */
  update_oidc_provider: defineOperation({
    id: 'update_oidc_provider',
    method: 'PUT',
    path: '/windlass/oidc/providers/{name}',
    tag: 'Single sign-on',
    summary: 'Change an OpenID Connect provider',
    permission: 'admin',
    params: named,
    body: OidcProvider,
    success: { status: 200, schema: OidcProvider },
    errors: [400, 401, 403, 404, 415, 500],
  }),
  /** Remove an OpenID Connect provider and its users. */
  delete_oidc_provider: defineOperation({
    id: 'delete_oidc_provider',
    method: 'DELETE',
    path: '/windlass/oidc/providers/{name}',
    tag: 'Single sign-on',
    summary: 'Remove an OpenID Connect provider and its users',
    permission: 'admin',
    params: named,
    success: { status: 204, schema: null },
    errors: [401, 403, 404, 500],
  }),
  /** List the user groups that the provider may put users into. */
  list_oidc_user_groups: defineOperation({
    id: 'list_oidc_user_groups',
    method: 'GET',
    path: '/windlass/oidc/providers/{name}/user-group-mappings',
    tag: 'Single sign-on',
    summary: 'List the user groups of an OpenID Connect provider',
    permission: 'admin',
    params: named,
    success: { status: 200, schema: RbacManagerIdpUserGroups },
    errors: [401, 403, 404, 500],
  }),
  /** Map user groups to the provider. */
  add_oidc_user_groups: defineOperation({
    id: 'add_oidc_user_groups',
    method: 'POST',
    path: '/windlass/oidc/providers/{name}/user-group-mappings',
    tag: 'Single sign-on',
    summary: 'Map user groups to an OpenID Connect provider',
    permission: 'admin',
    params: named,
    body: RbacManagerIdpUserGroupPost,
    success: { status: 200, schema: RbacManagerIdpUserGroups },
    errors: [400, 401, 403, 404, 409, 415, 500],
  }),
  /** End the mapping of user groups. */
  delete_oidc_user_group: defineOperation({
    id: 'delete_oidc_user_group',
    method: 'DELETE',
    path: '/windlass/oidc/providers/{name}/user-group-mappings',
    tag: 'Single sign-on',
    summary: 'End the mapping of user groups to an OpenID Connect provider',
    permission: 'admin',
    params: named,
    query: z.object({ user_group: queryList(z.string(), { repeated: true }) }),
    success: { status: 204, schema: null },
    errors: [400, 401, 403, 404, 500],
  }),
};

/** Operations at addresses outside the API, which identity providers have registered for compatible products. */
export const compatibleSsoOperations = {
  /** The same at the address that other products have for it. */
  consume_saml_response_there: defineOperation({
    id: 'consume_saml_response_there',
    method: 'POST',
    path: '/service/sso/auth/{name}',
    tag: 'Single sign-on',
    summary: 'Take the response of a SAML identity provider from a browser, at the compatible address',
    permission: 'anonymous',
    params: named,
    body: message,
    form: true,
    optionalBody: true,
    maxBodyBytes: 1024 * 1024,
    success: { status: 303, schema: null },
    errors: [400, 404, 415, 500],
  }),
};
