/** What can be watched, in words for people. */
export const SUBSCRIPTION_TYPES = {
  tag_update: { name: 'New image', about: 'Ask the registry for a new image under the tag, and analyse it.' },
  analysis_update: { name: 'Analysis', about: 'Tell when an analysis of the tag ends.' },
  vuln_update: { name: 'Vulnerabilities', about: 'Tell when vulnerabilities come or go.' },
  policy_eval: { name: 'Policy verdict', about: 'Tell when the verdict of the policy changes.' },
  alerts: { name: 'Alerts', about: 'Raise an alert while the tag fails the policy.' },
  repo_update: { name: 'Repository', about: 'Find new tags of a repository, and analyse them.' },
  runtime_inventory: { name: 'Cluster', about: 'Analyse the images that a cluster runs.' },
} as const;
export type SubscriptionType = keyof typeof SUBSCRIPTION_TYPES;

/** Those of tags, in the order of the switches. */
export const TAG_TYPES = ['tag_update', 'analysis_update', 'vuln_update', 'policy_eval', 'alerts'] as const;

/** Name of a type; unknown ones as they are. */
export function typeName(type: string | undefined): string {
  return SUBSCRIPTION_TYPES[type as SubscriptionType]?.name ?? type ?? '';
}
