import { z } from 'zod';
import { DELIVERY_VARIABLES, ServerSettings, SpoolSettings } from '../delivery/index.ts';

const pattern = z
  .string()
  .min(1)
  .transform((text, context) => {
    try {
      return new RegExp(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });
const wholeName = z
  .string()
  .min(1)
  .transform((text, context) => {
    try {
      return new RegExp(`^(?:${text})$`);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });
const seconds = (fallback: number, min: number, max = 604_800) => z.number().int().min(min).max(max).default(fallback);

const Route = z.strictObject({
  account: z.string().min(1),
  namespaces: z.array(pattern).min(1),
  username: z.string().min(1).optional(),
  password: z.string().optional(),
});

/** Settings of `windlass agent kubernetes`. */
export const KubernetesAgentSettings = z.strictObject({
  server: ServerSettings,
  /** None: the cluster this runs in, else the current context of the kubeconfig. */
  clusters: z
    .array(
      z.strictObject({
        name: z.string().min(1).optional(),
        kubeconfig: z.string().min(1).optional(),
        context: z.string().min(1).optional(),
      }),
    )
    .min(1)
    .default([{}]),
  mode: z.enum(['watch', 'poll']).default('watch'),
  'report-interval-seconds': seconds(300, 5),
  'change-delay-seconds': seconds(5, 0, 3600),
  'relist-interval-seconds': seconds(3600, 60),
  'request-timeout-seconds': seconds(30, 1, 3600),
  'page-size': z.number().int().min(1).max(10_000).default(500),
  namespaces: z
    .strictObject({
      include: z
        .array(z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'is no name of a namespace'))
        .default([]),
      exclude: z.array(wholeName).default([]),
      'ignore-empty': z.boolean().default(false),
    })
    .prefault({}),
  'missing-tag': z
    .discriminatedUnion('policy', [
      z.strictObject({ policy: z.literal('digest') }),
      z.strictObject({ policy: z.literal('drop') }),
      z.strictObject({
        policy: z.literal('insert'),
        tag: z
          .string()
          .regex(/^[\w][\w.-]{0,127}$/)
          .default('UNKNOWN'),
      }),
    ])
    .default({ policy: 'digest' }),
  'missing-registry': z.string().min(1).optional(),
  'ignore-not-running': z.boolean().default(true),
  metadata: z
    .strictObject({
      labels: z.boolean().default(true),
      annotations: z.boolean().default(true),
      'include-labels': z.array(pattern).optional(),
      'include-annotations': z.array(pattern).optional(),
    })
    .prefault({}),
  accounts: z
    .strictObject({
      routes: z.array(Route).default([]),
      label: z
        .strictObject({
          key: z.string().min(1),
          'default-account': z.string().min(1).optional(),
          'ignore-missing': z.boolean().default(false),
        })
        .optional(),
    })
    .prefault({}),
  limits: z
    .strictObject({
      namespaces: z.number().int().min(0).default(0),
      // servers take bodies of about twice this size
      bytes: z
        .number()
        .int()
        .min(0)
        .default(16 * 1024 ** 2),
    })
    .prefault({}),
  spool: SpoolSettings.prefault({}),
  integration: z
    .strictObject({
      enabled: z.boolean().default(true),
      id: z.string().min(1).optional(),
      name: z.string().min(1).optional(),
      description: z.string().min(1).optional(),
      'health-interval-seconds': seconds(60, 30, 600),
    })
    .prefault({}),
});
export type KubernetesAgentSettings = z.output<typeof KubernetesAgentSettings>;

/** Environment variables of an agent and the setting that each gives. */
export const KUBERNETES_AGENT_VARIABLES: Readonly<Record<string, string>> = {
  ...DELIVERY_VARIABLES,
  WINDLASS_AGENT_MODE: 'mode',
  WINDLASS_AGENT_INTERVAL_SECONDS: 'report-interval-seconds',
  WINDLASS_AGENT_CLUSTER_NAME: 'clusters.0.name',
  WINDLASS_AGENT_KUBECONFIG: 'clusters.0.kubeconfig',
  WINDLASS_AGENT_CONTEXT: 'clusters.0.context',
  WINDLASS_AGENT_NAMESPACES: 'namespaces.include',
};
