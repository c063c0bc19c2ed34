import { z } from 'zod';
import { flag, integer, seconds, text } from '../fields.ts';
import { setting } from '../setting.ts';

export const authArea = {
  title: 'Users and tokens',
  schema: z.strictObject({
    admin_password: setting(
      {
        env: 'WINDLASS_ADMIN_PASSWORD',
        aliases: ['ANCHORE_ADMIN_PASSWORD'],
        doc: 'Password of `admin`, set at the first start only. Without it a random one is printed once.',
        secret: true,
      },
      text(),
    ),
    admin_email: setting(
      {
        env: 'WINDLASS_ADMIN_EMAIL',
        aliases: ['ANCHORE_ADMIN_EMAIL'],
        doc: 'Address of the admin account, set at the first start.',
      },
      z.string().min(1).default('admin@localhost'),
    ),
    token_lifetime_seconds: setting(
      {
        env: 'WINDLASS_TOKEN_LIFETIME_SECONDS',
        aliases: ['ANCHORE_OAUTH_TOKEN_EXPIRATION'],
        doc: 'Lifetime of an access token.',
      },
      seconds(3_600, 60, 604_800),
    ),
    refresh_token_lifetime_seconds: setting(
      {
        env: 'WINDLASS_REFRESH_TOKEN_LIFETIME_SECONDS',
        aliases: ['ANCHORE_OAUTH_REFRESH_TOKEN_EXPIRATION'],
        doc: 'Lifetime of a refresh token.',
      },
      seconds(86_400, 60, 31_536_000),
    ),
    max_api_key_age_days: setting(
      {
        env: 'WINDLASS_MAX_API_KEY_AGE_DAYS',
        aliases: ['ANCHORE_MAX_API_KEY_AGE_DAYS'],
        doc: 'Longest lifetime of an API key.',
      },
      integer(365, 1, 36_500),
    ),
    max_api_keys_per_user: setting(
      {
        env: 'WINDLASS_MAX_API_KEYS_PER_USER',
        aliases: ['ANCHORE_MAX_API_KEYS_PER_USER'],
        doc: 'API keys of one user.',
      },
      integer(100, 1, 100_000),
    ),
    remove_deleted_api_keys_after_days: setting(
      {
        env: 'WINDLASS_REMOVE_DELETED_API_KEYS_AFTER_DAYS',
        aliases: ['ANCHORE_REMOVE_DELETED_USER_API_KEYS_OLDER_THAN_DAYS'],
        doc: 'Days for which deleted and expired API keys are kept; -1 keeps them for ever.',
      },
      integer(365, -1, 36_500),
    ),
    allow_api_keys_for_saml_users: setting(
      {
        env: 'WINDLASS_ALLOW_API_KEYS_FOR_SAML_USERS',
        aliases: ['ANCHORE_ALLOW_API_KEYS_FOR_SAML_USERS'],
        doc: 'Users of an identity provider may have API keys.',
      },
      flag(false),
    ),
    sso_require_existing_users: setting(
      {
        env: 'WINDLASS_SSO_REQUIRE_EXISTING_USERS',
        aliases: ['ANCHORE_SSO_REQUIRES_EXISTING_USERS'],
        doc: 'Nobody is created at the first sign-in through an identity provider.',
      },
      flag(false),
    ),
    disallow_native_users: setting(
      {
        env: 'WINDLASS_DISALLOW_NATIVE_USERS',
        aliases: ['ANCHORE_DISALLOW_NATIVE_USERS'],
        doc: 'Only users of an identity provider may be created, and sign in, besides `admin`.',
      },
      flag(false),
    ),
    log_saml_assertions: setting(
      {
        env: 'WINDLASS_LOG_SAML_ASSERTIONS',
        aliases: ['ANCHORE_LOG_SAML_ASSERTIONS'],
        doc: 'Accepted for compatibility and without effect: assertions are never logged.',
      },
      flag(false),
    ),
  }),
};
