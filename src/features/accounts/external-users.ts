import { randomUUID } from 'node:crypto';
import { AccountCreationRequest } from '#contract/accounts.ts';
import { UserCreationRequest } from '#contract/users.ts';
import { appendEvent, appendEvents } from '#features/events/index.ts';
import { findRole, grantable } from '#platform/auth/roles.ts';
import type { Db } from '#platform/database/types.ts';
import { accountNotEnabled, forbidden } from '#shared/errors.ts';
import { ADMIN_ACCOUNT, isReservedName } from './account-rules.ts';
import { insertAccount, lockAccount } from './account-store.ts';
import {
  bindSubject,
  deleteUsersOfProvider,
  type ExternalUserRow,
  lockExternalUser,
  removeSsoGroup,
  replaceSsoGroups,
} from './external-user-store.ts';
import type { AccountHooks } from './hooks.ts';
import { tellMembership } from './role-service.ts';
import { insertRoleMember } from './role-store.ts';
import { insertUser } from './user-store.ts';

/** Somebody whom an identity provider vouches for, with what a first sign-in makes of them. */
export interface ExternalSignIn {
  provider: string;
  /** Entity id or issuer: two providers never share a user. */
  source: string;
  username: string;
  /** What the provider promises never to give to another person; undefined when it has no such thing. */
  subject?: string | undefined;
  homeAccount: string;
  /** Accounts in which the roles are given. */
  accounts: readonly string[];
  roles: readonly string[];
  /** uuids of the groups that the provider puts the user into, now. */
  groups: readonly string[];
}

/** Users that identity providers bring. */
export interface ExternalUsers {
  /**
   * Finds the user, or creates it with its accounts and roles unless `requireExisting`; brings the groups up to date.
   * Roles and accounts are given at the first sign-in only. Throws 403 with the reason.
   */
  signIn(tx: Db, request: ExternalSignIn, options: { requireExisting: boolean }): Promise<SignedIn>;
  /** A group no longer belongs to a provider: its users leave it. */
  leaveGroup(tx: Db, provider: string, group: string): Promise<void>;
  /** Removes all users of a provider. */
  removeAll(tx: Db, provider: string, by: string): Promise<number>;
}

/** Who signed in. */
export interface SignedIn {
  userUuid: string;
  username: string;
  account: string;
  created: boolean;
}

const USERNAME = UserCreationRequest.shape.username;
const ACCOUNT_NAME = AccountCreationRequest.shape.name;

/** Creates the service. */
export function createExternalUsers(options: { hooks: AccountHooks }): ExternalUsers {
  const { hooks } = options;

  /** The account, made if need be: an account of the installation's own is no place for strangers. */
  async function openAccount(tx: Db, name: string, by: string): Promise<void> {
    if (isReservedName(name) || !ACCOUNT_NAME.safeParse(name).success)
      throw refused(`the account ${quoted(name)} is not possible`);
    const created = await insertAccount(tx, { name, type: 'user', email: undefined });
    if (created) {
      await hooks.runCreated(tx, name);
      await appendEvent(tx, { name: 'account_created', account: ADMIN_ACCOUNT, resource_id: name, details: { by } });
      return;
    }
    const account = await lockAccount(tx, name);
    if (account?.type !== 'user') throw refused(`the account ${quoted(name)} is not possible`);
    if (account.state !== 'enabled') throw accountNotEnabled(name);
  }

  /** Undefined when another sign-in made the user in the meantime. */
  async function create(tx: Db, request: ExternalSignIn): Promise<ExternalUserRow | undefined> {
    const { username, homeAccount, source, provider } = request;
    // In one order, so that two sign-ins at once do not wait for each other.
    for (const name of [...new Set([homeAccount, ...request.accounts])].sort()) await openAccount(tx, name, provider);
    const uuid = randomUUID();
    const inserted = await insertUser(tx, {
      username,
      uuid,
      account: homeAccount,
      type: 'saml',
      source,
      idpName: provider,
    });
    if (!inserted) return undefined;
    const details = { by: provider, username, type: 'saml', identity_provider: provider };
    await appendEvent(tx, { name: 'user_created', account: homeAccount, resource_id: username, details });
    for (const name of new Set(request.roles)) {
      const role = findRole(name);
      if (!role) throw refused(`there is no role ${quoted(name)}`);
      for (const domain of request.accounts) {
        if (!grantable(role, domain)) throw refused(`the role ${role.name} cannot be given in an account`);
        const member = { username, role: role.name, domain };
        await insertRoleMember(tx, { ...member, grantedBy: provider });
        await tellMembership(tx, 'role_member_added', member, provider);
      }
    }
    return {
      username,
      uuid,
      account: homeAccount,
      account_state: 'enabled',
      type: 'saml',
      source,
      idp_name: provider,
      external_subject: null,
    };
  }

  function checkBelongs(user: ExternalUserRow, { provider, source, subject }: ExternalSignIn): void {
    if (user.type !== 'saml') throw refused('a native user has this name');
    if (user.idp_name !== provider || user.source !== source)
      throw refused('the user of this name belongs to another identity provider');
    if (user.external_subject !== null && subject !== undefined && user.external_subject !== subject)
      throw refused('the user of this name is another person at the identity provider');
    if (user.account_state !== 'enabled') throw accountNotEnabled(user.account);
  }

  return {
    async signIn(tx, request, { requireExisting }) {
      const { username } = request;
      if (isReservedName(username) || !USERNAME.safeParse(username).success)
        throw refused('the user name is not possible');
      const existing = await lockExternalUser(tx, username);
      if (!existing && requireExisting) throw refused('there is no such user, and users are not created here');
      const made = existing ? undefined : await create(tx, request);
      const user = existing ?? made ?? (await lockExternalUser(tx, username));
      if (!user) throw refused('the user is being removed; try again');
      if (!made) checkBelongs(user, request);
      const { subject } = request;
      if (subject !== undefined && user.external_subject === null) await bindSubject(tx, username, subject);
      const changes = await replaceSsoGroups(tx, username, request.groups);
      await appendEvents(
        tx,
        changes.map(({ uuid, name, change }) => ({
          name: 'user_group_changed',
          account: ADMIN_ACCOUNT,
          resource_id: uuid,
          details: { by: request.provider, name, change, members: [username] },
        })),
      );
      return { userUuid: user.uuid, username, account: user.account, created: made !== undefined };
    },
    leaveGroup: removeSsoGroup,
    async removeAll(tx, provider, by) {
      const users = await deleteUsersOfProvider(tx, provider);
      await appendEvents(
        tx,
        users.map(({ username, account }) => ({
          name: 'user_deleted',
          account,
          resource_id: username,
          details: { by, username },
        })),
      );
      return users.length;
    },
  };
}

function refused(reason: string): Error {
  return forbidden(`Not authorized. The sign-in is refused: ${reason}`);
}

/** A name from outside, short enough for a message. */
function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 128));
}
