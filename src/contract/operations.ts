import { accountsOperations } from './accounts.ts';
import { configurationsOperations } from './configurations.ts';
import { eventsOperations } from './events.ts';
import { feedsOperations } from './feeds.ts';
import { identityOperations } from './identity.ts';
import { imageArtifactsOperations } from './image-artifacts.ts';
import { imageCheckOperations } from './image-check.ts';
import { imageContentOperations } from './image-content.ts';
import { imageSbomsOperations } from './image-sboms.ts';
import { imageVulnerabilitiesOperations } from './image-vulnerabilities.ts';
import { imagesOperations } from './images.ts';
import { oauthOperations } from './oauth.ts';
import type { Operation } from './operation.ts';
import { policiesOperations } from './policies.ts';
import { policySpecOperations } from './policy-spec.ts';
import { queryOperations } from './query.ts';
import { rbacOperations } from './rbac.ts';
import { registriesOperations } from './registries.ts';
import { repositoriesOperations } from './repositories.ts';
import { sessionOperations } from './session.ts';
import { subscriptionsOperations } from './subscriptions.ts';
import { systemOperations } from './system.ts';
import { usageOperations } from './usage.ts';
import { userGroupsOperations } from './user-groups.ts';
import { usersOperations } from './users.ts';
import { windlassOperations } from './windlass.ts';

/** Every operation by id. The typed client and the permission matrix read this table. */
export const operations = {
  ...accountsOperations,
  ...configurationsOperations,
  ...eventsOperations,
  ...feedsOperations,
  ...identityOperations,
  ...imageArtifactsOperations,
  ...imageCheckOperations,
  ...imageContentOperations,
  ...imageSbomsOperations,
  ...imageVulnerabilitiesOperations,
  ...imagesOperations,
  ...oauthOperations,
  ...policiesOperations,
  ...policySpecOperations,
  ...queryOperations,
  ...rbacOperations,
  ...registriesOperations,
  ...repositoriesOperations,
  ...sessionOperations,
  ...subscriptionsOperations,
  ...systemOperations,
  ...usageOperations,
  ...userGroupsOperations,
  ...usersOperations,
  ...windlassOperations,
};

/** Every operation as a list. */
export const operationList: readonly Operation[] = Object.values(operations);
