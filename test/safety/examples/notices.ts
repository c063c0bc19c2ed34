import type { Example, Examples, MakeExample, Scene } from './types.ts';

const SELECTOR = {
  scope: 'account',
  event: { level: '*', resource_type: '*', type: 'user.image.*' },
};

/** Configurations that are accepted, by kind of endpoint. */
const CONFIGURATIONS: Readonly<Record<string, (scene: Scene) => Record<string, unknown>>> = {
  github: ({ receiver }) => ({
    url: receiver,
    username: 'bot',
    access_token: 'token',
    owner: 'team',
    repository: 'app',
  }),
  jira: ({ receiver }) => ({
    url: receiver,
    username: 'bot',
    password: 'pass',
    project_key: 'APP',
    issue_type: 'Task',
  }),
  slack: ({ receiver }) => ({ url: receiver }),
  smtp: () => ({ host: '127.0.0.1', port: 9, from: 'a@example.org', to: 'b@example.org', use_tls: false }),
  teams: ({ receiver }) => ({ url: receiver }),
  webhook: ({ receiver }) => ({ url: receiver }),
};

async function newConfiguration(scene: Scene, kind: string): Promise<string> {
  const path = `/notifications/endpoints/${kind}/configurations`;
  return (await scene.client.post(path, CONFIGURATIONS[kind]?.(scene))).json().uuid as string;
}

async function newSelector(scene: Scene, kind: string): Promise<Record<string, string>> {
  const uuid = await newConfiguration(scene, kind);
  const path = `/notifications/endpoints/${kind}/configurations/${uuid}/selectors`;
  return {
    configuration_uuid: uuid,
    selector_uuid: (await scene.client.post(path, { ...SELECTOR, configuration_uuid: uuid })).json().uuid as string,
  };
}

function ofKind(kind: string): Examples {
  const configuration = async (scene: Scene): Promise<Example> => ({
    params: { uuid: await newConfiguration(scene, kind) },
  });
  const body: MakeExample = (scene) => ({ body: CONFIGURATIONS[kind]?.(scene) });
  return {
    [`add_${kind}_configuration`]: body,
    [`test_${kind}_configuration`]: body,
    [`get_${kind}_configuration`]: configuration,
    [`get_${kind}_configuration_status`]: configuration,
    [`test_stored_${kind}_configuration`]: configuration,
    [`list_${kind}_selectors`]: configuration,
    [`update_${kind}_configuration`]: async (scene) => ({
      ...(await configuration(scene)),
      body: { ...CONFIGURATIONS[kind]?.(scene), description: scene.fresh() },
    }),
    [`add_${kind}_selector`]: async (scene) => {
      const { params } = await configuration(scene);
      return { params: params!, body: { ...SELECTOR, configuration_uuid: params!.uuid } };
    },
    [`get_${kind}_selector`]: async (scene) => ({ params: await newSelector(scene, kind) }),
    [`update_${kind}_selector`]: async (scene) => {
      const params = await newSelector(scene, kind);
      return {
        params,
        body: { ...SELECTOR, uuid: params.selector_uuid, configuration_uuid: params.configuration_uuid },
      };
    },
    [`delete_${kind}_selector`]: async (scene) => ({ params: await newSelector(scene, kind) }),
    [`delete_${kind}_configuration`]: configuration,
  };
}

/** What tells people and programs, and what is told. */
export const NOTICES: Examples = {
  ...Object.assign({}, ...Object.keys(CONFIGURATIONS).map(ofKind)),
  update_endpoint_status: () => ({ params: { name: 'webhook' }, body: { enabled: true } }),
  get_notification_configuration_detail: async (scene) => ({
    params: { configuration_uuid: await newConfiguration(scene, 'webhook') },
  }),
  set_notification_options: async (scene) => ({
    params: { configuration_uuid: await newConfiguration(scene, 'webhook') },
    body: { digest_minutes: 5 },
  }),
  async add_action_plan(scene) {
    const alerts = await scene.client.get('/alerts/compliance-violations');
    const [policy] = (await scene.client.get('/policies')).json() as { policy_id: string }[];
    return {
      body: {
        type: 'notification',
        image_tag: scene.image.tag,
        image_digest: scene.image.digest,
        policy_id: alerts.json()[0]?.policy_id ?? policy?.policy_id,
        resolutions: [{ trigger_ids: ['t1'], content: 'remove bash' }],
        endpoint: 'webhook',
        configuration_id: await newConfiguration(scene, 'webhook'),
        subject: 'Please mend',
        message: 'bash must go',
      },
    };
  },
  get_compliance_violation_alert: async (scene) => ({ params: { uuid: await anAlert(scene) } }),
  update_compliance_violation_alert_state: async (scene) => ({
    params: { uuid: await anAlert(scene) },
    body: { state: 'closed' },
  }),
  test_webhook: () => ({ params: { webhook_type: 'general' }, query: { notification_type: 'tag_update' } }),
  create_registry: ({ registry, fresh }) => ({
    query: { validate: 'false' },
    body: {
      registry: `${registry}/${fresh()}`,
      registry_name: 'a registry',
      registry_user: 'user',
      registry_pass: 'pass',
      registry_type: 'docker_v2',
      registry_verify: true,
    },
  }),
  async update_registry({ client, registry, fresh }) {
    const body = {
      registry: `${registry}/${fresh()}`,
      registry_user: 'user',
      registry_pass: 'pass',
      registry_type: 'docker_v2',
      registry_verify: false,
    };
    await client.post('/registries?validate=false', body);
    return { params: { registry: body.registry }, query: { validate: 'false' }, body };
  },
  async delete_registry({ client, registry, fresh }) {
    const name = `${registry}/${fresh()}`;
    await client.post('/registries?validate=false', {
      registry: name,
      registry_user: 'user',
      registry_pass: 'pass',
      registry_type: 'docker_v2',
    });
    return { params: { registry: name } };
  },
  add_repository: ({ registry }) => ({ query: { repository: `${registry}/team/app`, auto_subscribe: 'false' } }),
  add_subscription: ({ fresh }) => ({
    body: {
      subscription_key: `registry.example.org/team/app:${fresh()}`,
      subscription_type: 'tag_update',
      active: false,
    },
  }),
  async update_subscription(scene) {
    return { params: { subscription_id: await newSubscription(scene) }, body: { active: true } };
  },
  async check_watch(scene) {
    return { params: { subscription_id: await newSubscription(scene, true) } };
  },
  delete_subscription: async (scene) => ({ params: { subscription_id: await newSubscription(scene) } }),
  delete_events: () => ({ query: { before: '2020-01-01T00:00:00Z' } }),
  create_registry_hook: ({ fresh }) => ({ body: { name: `hook-${fresh()}` } }),
  async update_registry_hook({ client, fresh }) {
    const made = await client.post('/windlass/registry-hooks', { name: `hook-${fresh()}` });
    return { params: { hook_id: made.json().hook_id as string }, body: { name: `hook-${fresh()}`, active: true } };
  },
  async receive_registry_events({ client, registry, fresh }) {
    const made = await client.post('/windlass/registry-hooks', { name: `hook-${fresh()}`, registry });
    const events = { events: [{ action: 'push', target: { repository: 'team/app', tag: '1' } }] };
    return {
      params: { token: made.json().token as string },
      raw: {
        contentType: 'application/vnd.docker.distribution.events.v1+json',
        bytes: Buffer.from(JSON.stringify(events)),
      },
    };
  },
};

async function newSubscription({ client, registry, fresh }: Scene, active = false): Promise<string> {
  const made = await client.post('/subscriptions', {
    subscription_key: `${registry}/team/app:${fresh()}`,
    subscription_type: 'tag_update',
    active,
  });
  const [row] = [made.json()].flat() as { subscription_id: string }[];
  return row?.subscription_id ?? 'none';
}

/** An alert about the image of the scene; the first call makes a policy that stops it. */
async function anAlert({ client, image, until, fresh }: Scene): Promise<string> {
  const path = '/alerts/compliance-violations';
  const uuidOf = (body: unknown) => (body as { uuid: string }[])[0]?.uuid;
  const known = uuidOf((await client.get(path)).json());
  if (known) return known;
  const made = (await client.post('/policies', stopping(`stop-${fresh()}`))).json();
  await client.put(`/policies/${made.policy_id}?active=true`, {
    ...made,
    policy: stopping(made.policy_id),
    active: true,
  });
  const key = image.tag.replace(/:[^:]*$/, '');
  const subscription = { subscription_key: key, subscription_type: 'alerts', active: true };
  await client.post('/subscriptions', subscription);
  return uuidOf(await until(path, (body) => uuidOf(body) !== undefined)) ?? 'none';
}

function stopping(id: string) {
  const params = [{ name: 'name', value: 'bash' }];
  const rules = [{ id: 'r1', gate: 'packages', trigger: 'denylist', action: 'STOP', params }];
  const mapping = { registry: '*', repository: '*', image: { type: 'tag', value: '*' } };
  return {
    id,
    name: id,
    version: '2',
    rule_sets: [{ id: 'rs', name: 'rules', version: '2', rules }],
    mappings: [{ id: 'm', name: 'all', ...mapping, rule_set_ids: ['rs'], allowlist_ids: [] }],
    allowlists: [],
    allowlisted_images: [],
    denylisted_images: [],
  };
}
