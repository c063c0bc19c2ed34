import { ACTIONS, type Action, type ActionFamily, ALL_ACTIONS } from './actions.ts';

/** Where a role may be granted: in an account, in the domain `system`, or in both. */
export type RoleScope = 'account' | 'system' | 'any';

/** A predefined, immutable set of actions. Granting it in a domain gives those actions there. */
export interface Role {
  name: string;
  description: string;
  scope: RoleScope;
  actions: ReadonlySet<Action>;
}

/** Domain of everything that belongs to no account. */
export const SYSTEM_DOMAIN = 'system';

/** Families that concern the installation: their operations are checked in the domain `system`. */
const SYSTEM_FAMILIES: readonly ActionFamily[] = [
  'accounts',
  'groups',
  'installation',
  'lifecycle',
  'services',
  'feeds',
  'roles',
];

const READING = /^(get|list|view)[A-Z]/;
const READ_ACTIONS = ALL_ACTIONS.filter((action) => READING.test(action));

/** Families that a member of the account works with every day; user, role and installation management is not among them. */
const WORK_FAMILIES: readonly ActionFamily[] = [
  'images',
  'corrections',
  'sources',
  'applications',
  'relationships',
  'policies',
  'registries',
  'repositories',
  'subscriptions',
  'events',
  'alerts',
  'remediation',
  'notifications',
  'archives',
  'inventory',
  'integrations',
  'compliance',
  'reports',
  'account',
  'feeds',
];

const IMAGE_READING: readonly Action[] = ['listImages', 'getImage', 'getImageEvaluation', 'getAccount'];

function families(names: readonly ActionFamily[]): Action[] {
  return names.flatMap((name) => [...ACTIONS[name]] as Action[]);
}

function role(name: string, description: string, scope: RoleScope, actions: readonly Action[]): Role {
  return { name, description, scope, actions: new Set([...actions].sort()) };
}

/** The role catalogue. Names that clients know keep their known meaning; `scope` keeps system roles out of accounts. */
export const ROLES: readonly Role[] = [
  role('full-control', 'Everything in the domain', 'any', ALL_ACTIONS),
  role('account-user-admin', 'Manage users, their API keys and their roles in the account', 'any', [
    ...ACTIONS.users,
    ...ACTIONS.roles,
    'getAccount',
  ]),
  role('read-write', 'Work with images, policies, registries and all other content of the account', 'any', [
    ...families(WORK_FAMILIES),
    'getVulnAnnotation',
    'listVulnAnnotations',
    'listServices',
    'getService',
  ]),
  role('read-only', 'See everything in the domain, change nothing', 'any', READ_ACTIONS),
  role('policy-editor', 'Create and change policies, and see how images fare under them', 'account', [
    ...ACTIONS.policies,
    ...IMAGE_READING,
    'listSubscriptions',
  ]),
  role('image-analyzer', 'Submit images for analysis and read the results', 'account', [
    ...IMAGE_READING,
    'createImage',
    'listEvents',
    'getEvent',
    'listSubscriptions',
    'getSubscription',
  ]),
  role('repo-analyzer', 'Submit images and watch repositories', 'account', [
    ...IMAGE_READING,
    'createImage',
    'createRepository',
    'listEvents',
    'getEvent',
    'createSubscription',
    'listSubscriptions',
    'getSubscription',
    'updateSubscription',
  ]),
  role('inventory-agent', 'Report what runs in a cluster, for runtime inventory agents', 'account', [
    'syncInventory',
    'registerIntegration',
    'reportHealth',
    'getAccount',
  ]),
  role('vuln-annotator-viewer', 'Read vulnerability annotations', 'account', [
    ...IMAGE_READING,
    'getVulnAnnotation',
    'listVulnAnnotations',
  ]),
  role('vuln-annotator-editor', 'Write vulnerability annotations', 'account', [
    ...IMAGE_READING,
    ...ACTIONS.annotations,
  ]),
  role('report-viewer', 'Read reports', 'account', ['viewReports', 'getAccount']),
  role('report-admin', 'Read, schedule and manage reports', 'account', [
    ...ACTIONS.reports,
    'listImages',
    'listRuntimeInventories',
    'listNotificationEndpoints',
    'listNotificationEndpointConfigurations',
    'getAccount',
  ]),
  role('system-admin', 'Manage accounts, user groups, feeds and settings of the installation', 'system', [
    ...families(SYSTEM_FAMILIES),
    'getAccount',
  ]),
];

const BY_NAME = new Map(ROLES.map((entry) => [entry.name, entry]));

/** A role by name. */
export function findRole(name: string): Role | undefined {
  return BY_NAME.get(name);
}

/** Whether a role may be granted in a domain. */
export function grantable(entry: Role, domain: string): boolean {
  return entry.scope === 'any' || (entry.scope === 'system') === (domain === SYSTEM_DOMAIN);
}
