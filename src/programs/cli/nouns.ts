import type { Command } from 'commander';
import type { CliContext } from './context.ts';

/** Defines the options and subcommands of a command. `exit` sets the exit code of a run that threw nothing. */
export type Define = (command: Command, cli: CliContext, exit: (code: number) => void) => void;

/** A first word of the command line. Its definition is loaded only when it is called or completed. */
export interface Noun {
  name: string;
  summary: string;
  load(): Promise<Define>;
}

/** All commands, in the order of the help page. */
export const NOUNS: readonly Noun[] = [
  {
    name: 'scan',
    summary: 'Scan an image, archive, directory or SBOM here, without a server',
    load: async () => (await import('./commands/scan.ts')).defineScan,
  },
  { name: 'serve', summary: 'Run the server', load: async () => (await import('./commands/serve.ts')).defineServe },
  {
    name: 'demo',
    summary: 'Run a server with sample data, without a network',
    load: async () => (await import('./commands/demo.ts')).defineDemo,
  },
  {
    name: 'image',
    summary: 'Add images and read what is known about them',
    load: async () => (await import('./commands/image.ts')).defineImage,
  },
  {
    name: 'source',
    summary: 'Add source repositories and read what is known about them',
    load: async () => (await import('./commands/source.ts')).defineSource,
  },
  {
    name: 'application',
    summary: 'Put images and sources together to applications with versions',
    load: async () => (await import('./commands/application.ts')).defineApplication,
  },
  {
    name: 'relationship',
    summary: 'Relate images and sources, and compare what they contain',
    load: async () => (await import('./commands/relationship.ts')).defineRelationship,
  },
  {
    name: 'repository',
    summary: 'Watch repositories',
    load: async () => (await import('./commands/repository.ts')).defineRepository,
  },
  {
    name: 'subscription',
    summary: 'Choose what is watched',
    load: async () => (await import('./commands/subscription.ts')).defineSubscription,
  },
  {
    name: 'annotation',
    summary: 'Say what vulnerabilities mean in an image',
    load: async () => (await import('./commands/annotation.ts')).defineAnnotation,
  },
  {
    name: 'vex',
    summary: 'Import and write VEX documents',
    load: async () => (await import('./commands/vex.ts')).defineVex,
  },
  {
    name: 'correction',
    summary: 'Correct the metadata that packages are matched by',
    load: async () => (await import('./commands/correction.ts')).defineCorrection,
  },
  { name: 'policy', summary: 'Manage policies', load: async () => (await import('./commands/policy.ts')).definePolicy },
  {
    name: 'compliance',
    summary: 'Results of compliance checks (oscap)',
    load: async () => (await import('./commands/compliance.ts')).defineCompliance,
  },
  {
    name: 'inventory',
    summary: 'What runs in clusters',
    load: async () => (await import('./commands/inventory.ts')).defineInventory,
  },
  {
    name: 'registry',
    summary: 'Manage credentials of registries',
    load: async () => (await import('./commands/registry.ts')).defineRegistry,
  },
  {
    name: 'registry-hook',
    summary: 'Addresses at which registries tell of pushes',
    load: async () => (await import('./commands/registry-hook.ts')).defineRegistryHook,
  },
  {
    name: 'feed',
    summary: 'Vulnerability data of the server',
    load: async () => (await import('./commands/feed.ts')).defineFeed,
  },
  {
    name: 'report',
    summary: 'Questions over all images, now and by a schedule',
    load: async () => (await import('./commands/report.ts')).defineReport,
  },
  { name: 'event', summary: 'Read what happened', load: async () => (await import('./commands/event.ts')).defineEvent },
  {
    name: 'notification',
    summary: 'Tell people and programs what happens',
    load: async () => (await import('./commands/notification.ts')).defineNotification,
  },
  {
    name: 'alert',
    summary: 'Tags that violate the active policy',
    load: async () => (await import('./commands/alert.ts')).defineAlert,
  },
  {
    name: 'archive',
    summary: 'Set analyses aside, and bring them back',
    load: async () => (await import('./commands/archive.ts')).defineArchive,
  },
  {
    name: 'job',
    summary: 'Background work of the server',
    load: async () => (await import('./commands/job.ts')).defineJob,
  },
  {
    name: 'agent',
    summary: 'Report what runs in Kubernetes and ECS clusters',
    load: async () => (await import('./commands/agent.ts')).defineAgent,
  },
  {
    name: 'account',
    summary: 'Manage accounts',
    load: async () => (await import('./commands/account.ts')).defineAccount,
  },
  { name: 'user', summary: 'Manage users', load: async () => (await import('./commands/user.ts')).defineUser },
  { name: 'role', summary: 'Give and take roles', load: async () => (await import('./commands/role.ts')).defineRole },
  {
    name: 'sso',
    summary: 'Manage identity providers (SAML, OpenID Connect)',
    load: async () => (await import('./commands/sso.ts')).defineSso,
  },
  {
    name: 'group',
    summary: 'Manage user groups and the roles that they give',
    load: async () => (await import('./commands/group.ts')).defineGroup,
  },
  {
    name: 'apikey',
    summary: 'Manage your API keys',
    load: async () => (await import('./commands/apikey.ts')).defineApiKey,
  },
  {
    name: 'audit',
    summary: 'Who changed what',
    load: async () => (await import('./commands/audit.ts')).defineAudit,
  },
  {
    name: 'system',
    summary: 'State of the server',
    load: async () => (await import('./commands/system.ts')).defineSystem,
  },
  {
    name: 'version',
    summary: 'Versions of this program and of the server',
    load: async () => (await import('./commands/version.ts')).defineVersion,
  },
  {
    name: 'completion',
    summary: 'Print a completion script for a shell',
    load: async () => (await import('./commands/completion.ts')).defineCompletion,
  },
];
