import { z } from 'zod';
import { DELIVERY_VARIABLES, ServerSettings, SpoolSettings } from '../delivery/index.ts';

/** Settings of `windlass agent ecs`. Credentials for AWS come from where its programs look for them. */
export const EcsAgentSettings = z.strictObject({
  server: ServerSettings,
  /** None: the one that the AWS environment names. */
  regions: z.array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d+$/, 'is no name of a region')).default([]),
  /** Names or ARNs of clusters; none means all. */
  clusters: z.array(z.string().min(1)).default([]),
  'report-interval-seconds': z.number().int().min(5).max(604_800).default(300),
  /** Reports clusters in which nothing runs, so that overwriting servers see them emptied. */
  'report-empty': z.boolean().default(false),
  tags: z.boolean().default(true),
  spool: SpoolSettings.prefault({}),
});
export type EcsAgentSettings = z.output<typeof EcsAgentSettings>;

/** Environment variables of the agent and the setting that each gives. */
export const ECS_AGENT_VARIABLES: Readonly<Record<string, string>> = {
  ...DELIVERY_VARIABLES,
  WINDLASS_AGENT_INTERVAL_SECONDS: 'report-interval-seconds',
  WINDLASS_AGENT_REGIONS: 'regions',
  WINDLASS_AGENT_CLUSTERS: 'clusters',
};
