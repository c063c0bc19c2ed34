import type { PolicyDocument, PolicyRule } from './document.ts';

/** Id of the policy that new accounts start with. */
export const DEFAULT_POLICY_ID = 'windlass-default';

type Params = Readonly<Record<string, string>>;

function rule(
  id: string,
  [gate, trigger]: readonly [string, string],
  action: PolicyRule['action'],
  params: Params,
  description: string,
  recommendation: string,
): PolicyRule {
  const list = Object.entries(params).map(([name, value]) => ({ name, value }));
  return { id: `windlass-${id}`, gate, trigger, action, params: list, description, recommendation };
}

const PACKAGE = ['vulnerabilities', 'package'] as const;
const INSTRUCTION = ['dockerfile', 'instruction'] as const;
const UPGRADE = 'Upgrade to the fixed version, or rebuild on a newer base image.';

const VULNERABILITY_RULES: PolicyRule[] = [
  rule(
    'data-unavailable',
    ['vulnerabilities', 'vulnerability_data_unavailable'],
    'WARN',
    {},
    'No vulnerability data for the distribution',
    'Use a distribution that the vulnerability data covers.',
  ),
  rule(
    'data-stale',
    ['vulnerabilities', 'stale_feed_data'],
    'WARN',
    { max_days_since_sync: '2' },
    'Vulnerability data older than two days',
    'Check the feed synchronisation.',
  ),
  rule(
    'known-exploited',
    PACKAGE,
    'STOP',
    { package_type: 'all', known_exploited_vulnerability: 'true', fix_available: 'true' },
    'Known exploited vulnerability with a fix',
    UPGRADE,
  ),
  rule(
    'critical-fix',
    PACKAGE,
    'STOP',
    { package_type: 'all', severity_comparison: '=', severity: 'critical', fix_available: 'true' },
    'Critical vulnerability with a fix',
    UPGRADE,
  ),
  rule(
    'critical-no-fix',
    PACKAGE,
    'WARN',
    { package_type: 'all', severity_comparison: '=', severity: 'critical', fix_available: 'false' },
    'Critical vulnerability without a fix',
    'Check whether the package is needed; watch for a fix.',
  ),
  rule(
    'high-fix',
    PACKAGE,
    'WARN',
    { package_type: 'all', severity_comparison: '=', severity: 'high', fix_available: 'true' },
    'High vulnerability with a fix',
    UPGRADE,
  ),
  rule(
    'medium-fix',
    PACKAGE,
    'WARN',
    { package_type: 'all', severity_comparison: '=', severity: 'medium', fix_available: 'true' },
    'Medium vulnerability with a fix',
    UPGRADE,
  ),
];

const HYGIENE_RULES: PolicyRule[] = [
  rule(
    'secrets',
    ['secret_scans', 'content_regex_checks'],
    'STOP',
    { match_type: 'found' },
    'Secret in the image',
    'Remove the secret from every layer and replace it where it was used.',
  ),
  rule(
    'root-user',
    ['dockerfile', 'effective_user'],
    'WARN',
    { users: 'root,0', type: 'denylist' },
    'Containers start as root',
    'Add a USER instruction.',
  ),
  rule(
    'healthcheck',
    INSTRUCTION,
    'WARN',
    { instruction: 'HEALTHCHECK', check: 'not_exists' },
    'No health check',
    'Add a HEALTHCHECK instruction, or allow this where an orchestrator probes.',
  ),
  rule(
    'remote-login-ports',
    ['dockerfile', 'exposed_ports'],
    'STOP',
    { ports: '22,23', type: 'denylist' },
    'Remote login port exposed',
    'Drop the EXPOSE instruction and the service behind it.',
  ),
];

/** The policy of a new account: one catch-all mapping, vulnerability and hygiene rules, an empty allowlist. */
export const DEFAULT_POLICY: PolicyDocument = {
  id: DEFAULT_POLICY_ID,
  name: 'Windlass default',
  description:
    'Stops fixable critical and known exploited vulnerabilities, secrets and remote login ports; warns about the rest.',
  version: '2',
  rule_sets: [
    {
      id: 'windlass-default-vulnerabilities',
      name: 'Vulnerabilities',
      description: 'Vulnerabilities of packages, and freshness of the data.',
      version: '2',
      artifact_type: 'image',
      rules: VULNERABILITY_RULES,
    },
    {
      id: 'windlass-default-hygiene',
      name: 'Image hygiene',
      description: 'Secrets and start-up configuration.',
      version: '2',
      artifact_type: 'image',
      rules: HYGIENE_RULES,
    },
    {
      id: 'windlass-default-sources',
      name: 'Source vulnerabilities',
      description: 'Vulnerabilities of the dependencies of source repositories.',
      version: '2',
      artifact_type: 'source',
      rules: VULNERABILITY_RULES.filter((item) => item.trigger !== 'vulnerability_data_unavailable').map((item) => ({
        ...item,
        id: `${item.id}-source`,
      })),
    },
  ],
  allowlists: [
    {
      id: 'windlass-default-allowlist',
      name: 'Accepted risks',
      version: '2',
      description: 'Empty: add accepted findings.',
      items: [],
    },
  ],
  mappings: [
    {
      id: 'windlass-default-mapping',
      name: 'All images',
      registry: '*',
      repository: '*',
      image: { type: 'tag', value: '*' },
      rule_set_ids: ['windlass-default-vulnerabilities', 'windlass-default-hygiene'],
      allowlist_ids: ['windlass-default-allowlist'],
    },
  ],
  source_mappings: [
    {
      id: 'windlass-default-source-mapping',
      name: 'All sources',
      host: '*',
      repository: '*',
      rule_set_ids: ['windlass-default-sources'],
      allowlist_ids: ['windlass-default-allowlist'],
    },
  ],
  allowlisted_images: [],
  denylisted_images: [],
};
