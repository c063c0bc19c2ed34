import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ACTIONS, ALL_ACTIONS } from './actions.ts';
import { domainsWith, grantsAction } from './grants.ts';
import { findRole, grantable, ROLES } from './roles.ts';

/** The reference document, which lies beside the repository on some machines. */
const REFERENCE = join(import.meta.dirname, '../../../../shared/contract/v2.openapi.json');

/** Actions of operations that only the first generation of the API publishes. */
const FIRST_GENERATION = [
  ...['createRuntimeInventory', 'deleteRuntimeInventory', 'getRuntimeInventory'],
  ...['createRuntimeComplianceCheck', 'deleteRuntimeComplianceCheck', 'getRuntimeComplianceCheck'],
];

/** Actions of operations that are not published. */
const OWN = ['manageReports'];

const actionsOf = (name: string): ReadonlySet<string> => findRole(name)?.actions ?? new Set();

describe('actions', () => {
  it('are listed once', () => {
    expect(new Set(ALL_ACTIONS).size).toBe(ALL_ACTIONS.length);
  });

  it.skipIf(!existsSync(REFERENCE))('are those of the reference document (skipped without it)', () => {
    const document = JSON.parse(readFileSync(REFERENCE, 'utf8')) as { paths: Record<string, Record<string, unknown>> };
    const named = new Set<string>();
    for (const item of Object.values(document.paths)) {
      for (const operation of Object.values(item)) {
        const action = (operation as Record<string, unknown>)['x-anchore-authz-action'];
        if (typeof action === 'string' && action !== 'None') named.add(action);
      }
    }
    expect([...named, ...FIRST_GENERATION, ...OWN].sort()).toEqual([...ALL_ACTIONS]);
  });
});

describe('roles', () => {
  it('full-control has everything', () => {
    expect([...actionsOf('full-control')]).toEqual([...ALL_ACTIONS]);
  });

  it('read-only reads everything and changes nothing', () => {
    for (const action of ALL_ACTIONS) {
      expect(actionsOf('read-only').has(action)).toBe(/^(get|list|view)[A-Z]/.test(action));
    }
  });

  it.each([
    [
      'account-user-admin',
      [
        'listUsers',
        'createUser',
        'updateUser',
        'deleteUser',
        'listRoles',
        'getRole',
        'listRoleMembers',
        'createRoleMember',
        'deleteRoleMember',
        'createApiKey',
      ],
    ],
    [
      'read-write',
      [
        'createImage',
        'createPolicy',
        'createRegistry',
        'createRepository',
        'createSubscription',
        'deleteEvents',
        'deleteImage',
        'deletePolicy',
        'deleteRegistry',
        'deleteSubscription',
        'getAccount',
        'getEvent',
        'getImage',
        'getImageEvaluation',
        'getPolicy',
        'getRegistry',
        'getService',
        'getSubscription',
        'importImage',
        'listEvents',
        'listFeeds',
        'listImages',
        'listPolicies',
        'listRegistries',
        'listServices',
        'listSubscriptions',
        'updateFeeds',
        'updatePolicy',
        'updateRegistry',
        'updateSubscription',
      ],
    ],
    [
      'policy-editor',
      [
        'listImages',
        'listSubscriptions',
        'listPolicies',
        'getImage',
        'getPolicy',
        'getImageEvaluation',
        'createPolicy',
        'updatePolicy',
        'deletePolicy',
      ],
    ],
    [
      'image-analyzer',
      [
        'listImages',
        'getImage',
        'createImage',
        'getImageEvaluation',
        'listEvents',
        'getEvent',
        'listSubscriptions',
        'getSubscription',
      ],
    ],
    ['inventory-agent', ['syncInventory', 'registerIntegration', 'reportHealth', 'getAccount']],
    ['vuln-annotator-editor', [...ACTIONS.annotations]],
    ['vuln-annotator-viewer', ['getVulnAnnotation', 'listVulnAnnotations']],
    ['report-viewer', ['viewReports']],
    ['report-admin', ['viewReports', 'manageReports']],
    ['read-write', ['viewReports', 'manageReports']],
    [
      'system-admin',
      ['createAccount', 'updateSystemConfig', 'createUserGroup', 'updateFeeds', 'createArtifactLifecyclePolicy'],
    ],
  ])('%s has its known actions', (name, actions) => {
    expect([...actions].filter((action) => !actionsOf(name).has(action))).toEqual([]);
  });

  it.each([
    ['read-write', ['createUser', 'createRoleMember', 'createVulnAnnotation', 'updateSystemConfig', 'createAccount']],
    ['policy-editor', ['createImage', 'deleteImage', 'createUser']],
    ['image-analyzer', ['deleteImage', 'createPolicy', 'createRegistry']],
    ['vuln-annotator-viewer', ['createVulnAnnotation', 'updateVulnAnnotation', 'deleteVulnAnnotation']],
    ['inventory-agent', ['listImages', 'deleteInventory']],
    ['report-viewer', ['manageReports']],
    ['read-only', ['manageReports']],
    ['account-user-admin', ['createImage', 'createAccount', 'createUserGroup']],
    ['system-admin', ['createUser', 'listImages', 'createImage']],
  ])('%s lacks what is not its business', (name, actions) => {
    expect(actions.filter((action) => actionsOf(name).has(action))).toEqual([]);
  });

  it('system-admin belongs into the system domain, narrow roles into accounts', () => {
    const places = Object.fromEntries(
      ROLES.map((role) => [role.name, [grantable(role, 'an-account'), grantable(role, 'system')]]),
    );
    expect(places).toMatchObject({
      'full-control': [true, true],
      'read-only': [true, true],
      'system-admin': [false, true],
      'image-analyzer': [true, false],
    });
  });
});

describe('grants', () => {
  const grants = { a: ['read-only'], b: ['policy-editor', 'no-such-role'] };
  it.each([
    ['a', 'listImages', true],
    ['a', 'createImage', false],
    ['b', 'createPolicy', true],
    ['c', 'listImages', false],
    ['toString', 'listImages', false],
    ['__proto__', 'listImages', false],
  ])('in %s %s: %s', (domain, action, expected) => {
    expect(grantsAction(grants, domain, action)).toBe(expected);
  });

  it('names the domains of an action', () => {
    expect(domainsWith(grants, 'listPolicies')).toEqual(['a', 'b']);
    expect(domainsWith(grants, 'createPolicy')).toEqual(['b']);
  });
});
