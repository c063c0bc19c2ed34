import { accountsOperations } from './accounts.ts';
import { actionsOperations } from './actions.ts';
import { alertsOperations } from './alerts.ts';
import { applicationsOperations } from './applications.ts';
import { archivesOperations } from './archives.ts';
import { artifactLifecyclePoliciesOperations } from './artifact-lifecycle-policies.ts';
import { artifactRelationshipsOperations } from './artifact-relationships.ts';
import { configurationsOperations } from './configurations.ts';
import { correctionsOperations } from './corrections.ts';
import { ecsOperations } from './ecs.ts';
import { eventsOperations } from './events.ts';
import { feedsOperations } from './feeds.ts';
import { identityOperations } from './identity.ts';
import { imageArtifactsOperations } from './image-artifacts.ts';
import { imageCheckOperations } from './image-check.ts';
import { imageContentOperations } from './image-content.ts';
import { imageImportsOperations } from './image-imports.ts';
import { imageSbomsOperations } from './image-sboms.ts';
import { imageVulnerabilitiesOperations } from './image-vulnerabilities.ts';
import { imagesOperations } from './images.ts';
import { integrationsOperations } from './integrations.ts';
import { inventoriesOperations } from './inventories.ts';
import { inventoryClustersOperations } from './inventory-clusters.ts';
import { kubernetesOperations } from './kubernetes.ts';
import { notificationsOperations } from './notifications.ts';
import { oauthOperations } from './oauth.ts';
import type { Operation } from './operation.ts';
import { policiesOperations } from './policies.ts';
import { policySpecOperations } from './policy-spec.ts';
import { queryOperations } from './query.ts';
import { queryResultsOperations } from './query-results.ts';
import { rbacOperations } from './rbac.ts';
import { registriesOperations } from './registries.ts';
import { repositoriesOperations } from './repositories.ts';
import { samlOperations } from './saml.ts';
import { scanOperations } from './scan.ts';
import { sessionOperations } from './session.ts';
import { sourceImportsOperations } from './source-imports.ts';
import { sourcesOperations } from './sources.ts';
import { stigOperations } from './stig.ts';
import { subscriptionsOperations } from './subscriptions.ts';
import { systemOperations } from './system.ts';
import { usageOperations } from './usage.ts';
import { userGroupsOperations } from './user-groups.ts';
import { usersOperations } from './users.ts';
import { vexOperations } from './vex.ts';
import { vulnerabilityAnnotationsOperations } from './vulnerability-annotations.ts';
import { webhooksOperations } from './webhooks.ts';
import { windlassOperations } from './windlass.ts';
import { windlassAdvisoriesOperations } from './windlass-advisories.ts';
import { windlassArchivesOperations } from './windlass-archives.ts';
import { windlassAuditOperations } from './windlass-audit.ts';
import { windlassComplianceOperations } from './windlass-compliance.ts';
import { windlassExplanationsOperations } from './windlass-explanations.ts';
import { windlassFeedsOperations } from './windlass-feeds.ts';
import { windlassIdentityOperations } from './windlass-identity.ts';
import { windlassInventoryOperations } from './windlass-inventory.ts';
import { windlassMetricsOperations } from './windlass-metrics.ts';
import { windlassNotificationsOperations } from './windlass-notifications.ts';
import { windlassReportSchedulesOperations } from './windlass-report-schedules.ts';
import { windlassReportsOperations } from './windlass-reports.ts';
import { windlassSsoOperations } from './windlass-sso.ts';
import { windlassVexOperations } from './windlass-vex.ts';
import { windlassWatchingOperations } from './windlass-watching.ts';

/** Every operation by id. The typed client and the permission matrix read this table. */
export const operations = {
  ...accountsOperations,
  ...actionsOperations,
  ...alertsOperations,
  ...applicationsOperations,
  ...archivesOperations,
  ...artifactLifecyclePoliciesOperations,
  ...artifactRelationshipsOperations,
  ...configurationsOperations,
  ...correctionsOperations,
  ...ecsOperations,
  ...eventsOperations,
  ...feedsOperations,
  ...identityOperations,
  ...imageArtifactsOperations,
  ...imageCheckOperations,
  ...imageContentOperations,
  ...imageImportsOperations,
  ...imageSbomsOperations,
  ...imageVulnerabilitiesOperations,
  ...imagesOperations,
  ...integrationsOperations,
  ...inventoriesOperations,
  ...inventoryClustersOperations,
  ...kubernetesOperations,
  ...notificationsOperations,
  ...oauthOperations,
  ...policiesOperations,
  ...policySpecOperations,
  ...queryOperations,
  ...queryResultsOperations,
  ...rbacOperations,
  ...registriesOperations,
  ...repositoriesOperations,
  ...samlOperations,
  ...scanOperations,
  ...sessionOperations,
  ...sourceImportsOperations,
  ...sourcesOperations,
  ...stigOperations,
  ...subscriptionsOperations,
  ...systemOperations,
  ...usageOperations,
  ...userGroupsOperations,
  ...usersOperations,
  ...vexOperations,
  ...vulnerabilityAnnotationsOperations,
  ...webhooksOperations,
  ...windlassAdvisoriesOperations,
  ...windlassArchivesOperations,
  ...windlassAuditOperations,
  ...windlassComplianceOperations,
  ...windlassExplanationsOperations,
  ...windlassFeedsOperations,
  ...windlassIdentityOperations,
  ...windlassInventoryOperations,
  ...windlassMetricsOperations,
  ...windlassNotificationsOperations,
  ...windlassOperations,
  ...windlassReportSchedulesOperations,
  ...windlassReportsOperations,
  ...windlassSsoOperations,
  ...windlassVexOperations,
  ...windlassWatchingOperations,
};

/** Every operation as a list. */
export const operationList: readonly Operation[] = Object.values(operations);
