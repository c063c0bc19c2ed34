/**
 * Every action that an operation of the public API may require, by family. An action is the "what" of a permission;
 * the "where" is a domain: an account, or `system`.
 */
export const ACTIONS = {
  images: ['listImages', 'getImage', 'createImage', 'deleteImage', 'importImage', 'getImageEvaluation'],
  annotations: [
    'createVulnAnnotation',
    'getVulnAnnotation',
    'listVulnAnnotations',
    'updateVulnAnnotation',
    'deleteVulnAnnotation',
  ],
  corrections: ['addCorrection', 'getCorrection', 'updateCorrection', 'deleteCorrection'],
  sources: ['listSources', 'getSource', 'deleteSource', 'importSource', 'getSourceEvaluation'],
  applications: ['createApplication', 'getApplication', 'updateApplication', 'deleteApplication'],
  relationships: [
    'createArtifactRelationship',
    'getArtifactRelationship',
    'listArtifactRelationships',
    'deleteArtifactRelationships',
    'getArtifactRelationshipDiff',
  ],
  policies: ['createPolicy', 'listPolicies', 'getPolicy', 'updatePolicy', 'deletePolicy'],
  registries: ['createRegistry', 'listRegistries', 'getRegistry', 'updateRegistry', 'deleteRegistry'],
  repositories: ['createRepository'],
  subscriptions: [
    'createSubscription',
    'listSubscriptions',
    'getSubscription',
    'updateSubscription',
    'deleteSubscription',
  ],
  events: ['listEvents', 'getEvent', 'deleteEvents'],
  alerts: ['listAlerts', 'getAlert', 'updateAlert'],
  remediation: ['addAction', 'getActions'],
  notifications: [
    'listNotificationEndpoints',
    'updateNotificationEndpoint',
    'createNotificationEndpointConfiguration',
    'listNotificationEndpointConfigurations',
    'getNotificationEndpointConfiguration',
    'updateNotificationEndpointConfiguration',
    'deleteNotificationEndpointConfiguration',
  ],
  archives: [
    'listArchives',
    'createArchivedImageAnalysis',
    'listArchivedImageAnalysis',
    'getArchivedImageAnalysis',
    'deleteArchivedImageAnalysis',
    'createArchiveTransitionRule',
    'listArchiveTransitionRules',
    'getArchiveTransitionRule',
    'deleteArchiveTransitionRule',
  ],
  inventory: [
    'syncInventory',
    'listRuntimeInventories',
    'deleteInventory',
    'createRuntimeInventory',
    'getRuntimeInventory',
    'deleteRuntimeInventory',
    'getKubernetesContainers',
    'getKubernetesNamespaces',
    'getKubernetesNodes',
    'getKubernetesPods',
    'deleteKubernetesNamespaces',
    'getECSContainers',
    'getECSServices',
    'getECSTasks',
  ],
  integrations: ['registerIntegration', 'reportHealth', 'listIntegrations', 'getIntegration', 'deleteIntegration'],
  compliance: ['createRuntimeComplianceCheck', 'getRuntimeComplianceCheck', 'deleteRuntimeComplianceCheck'],
  // the second one is ours: nothing that is published tells reading results from managing schedules
  reports: ['viewReports', 'manageReports'],
  account: ['getAccount'],
  users: [
    'createUser',
    'listUsers',
    'getUser',
    'updateUser',
    'deleteUser',
    'listAccountUsersWithRoles',
    'createApiKey',
    'listApiKeys',
    'getApiKey',
    'updateApiKey',
    'deleteApiKey',
  ],
  roles: ['listRoles', 'getRole', 'listRoleMembers', 'createRoleMember', 'deleteRoleMember'],
  self: ['selfCreateApiKey', 'selfListApiKeys', 'selfGetApiKey', 'selfUpdateApiKey', 'selfDeleteApiKey'],
  feeds: ['listFeeds', 'updateFeeds'],
  services: ['listServices', 'getService', 'deleteService'],
  accounts: ['createAccount', 'listAccounts', 'updateAccount', 'deleteAccount', 'listAllUsers'],
  groups: [
    'createUserGroup',
    'listUserGroups',
    'getUserGroup',
    'updateUserGroup',
    'deleteUserGroup',
    'getUserGroupUsers',
    'addUserGroupUser',
    'deleteUserGroupUser',
    'getUserGroupRoles',
    'addUserGroupRole',
    'deleteUserGroupRole',
  ],
  installation: [
    'getSystemConfig',
    'updateSystemConfig',
    'unsetSystemConfig',
    'getResourceLimits',
    'updateLoggingLevel',
  ],
  lifecycle: [
    'createArtifactLifecyclePolicy',
    'getArtifactLifecyclePolicy',
    'updateArtifactLifecyclePolicy',
    'deleteArtifactLifecyclePolicy',
  ],
} as const satisfies Record<string, readonly string[]>;

/** A group of actions on one kind of thing. */
export type ActionFamily = keyof typeof ACTIONS;

/** Name of an action. */
export type Action = (typeof ACTIONS)[ActionFamily][number];

/** All actions, sorted by name. */
export const ALL_ACTIONS: readonly Action[] = (Object.values(ACTIONS).flat() as Action[]).sort();

const KNOWN: ReadonlySet<string> = new Set(ALL_ACTIONS);

/** Whether a text names an action. */
export function isAction(text: string): text is Action {
  return KNOWN.has(text);
}
