import { randomUUID } from 'node:crypto';
import { type FormPart, multipart } from '../../api/multipart.ts';
import { createAuthority } from '../../builders/certificates.ts';
import { xccdf } from '../../builders/compliance.ts';
import type { Example, Examples, Scene } from './types.ts';

const REGISTRATION = {
  registration_id: 'fe75a4ab-0000-4000-8000-000000000001',
  type: 'k8s_inventory_agent',
  name: 'agent',
  description: 'a description',
  version: '1.8.2',
  started_at: '2026-01-01T10:00:00Z',
  uptime: 2.5,
  explicitly_account_bound: [],
  namespaces: null,
  cluster_name: 'c1',
  namespace: 'anchore',
  health_report_interval: 60,
};
const HEALTH = {
  protocol_version: 1,
  timestamp: '2026-01-01T10:01:00Z',
  uptime: 62.5,
  health_report_interval: 60,
  health_data: { type: 'k8s_inventory_agent', version: 1, errors: [], account_k8s_inventory_reports: {} },
};
const HDF = JSON.stringify({
  platform: { name: 'debian', release: '12' },
  version: '5.22.3',
  statistics: { duration: 1 },
  profiles: [
    {
      name: 'sample-stig',
      title: 'Sample STIG',
      sha256: 'a'.repeat(64),
      controls: [
        {
          id: 'SV-1',
          impact: 0.5,
          tags: { nist: ['CM-6'] },
          results: [{ status: 'passed', code_desc: 'x', start_time: '2026-01-01T00:00:00Z' }],
        },
      ],
    },
  ],
});
const STIG = { stig_profile: 'ubuntu2204', file: { filename: 'r.json', type: 'application/json', content: HDF } };

function form(parts: Record<string, FormPart>): Required<Pick<Example, 'raw'>> {
  const { body, headers } = multipart(parts);
  return { raw: { contentType: headers['content-type'] ?? '', bytes: body } };
}

/** A report of a small cluster whose pods run the image of the scene. */
function kubernetes({ image }: Scene, cluster: string) {
  const [namespace, node, pod] = [randomUUID(), randomUUID(), randomUUID()];
  return {
    cluster_name: cluster,
    timestamp: '2026-01-01T00:00:00Z',
    namespaces: [{ uid: namespace, name: 'prod' }],
    nodes: [{ uid: node, name: 'node-1' }],
    pods: [{ uid: pod, name: 'web', namespace_uid: namespace, node_uid: node }],
    containers: [{ id: randomUUID(), name: 'web', pod_uid: pod, image_tag: image.tag, image_digest: image.digest }],
  };
}

const ecs = ({ image }: Scene, cluster_arn: string) => ({
  cluster_arn,
  timestamp: '2026-01-01T00:00:00Z',
  containers: [
    { arn: `${cluster_arn}/c`, task_arn: `${cluster_arn}/t`, image_digest: image.digest, image_tag: image.tag },
  ],
  tasks: [{ arn: `${cluster_arn}/t`, service_arn: `${cluster_arn}/s`, task_definition_arn: 'definition' }],
  services: [{ arn: `${cluster_arn}/s`, tags: { a: 'b' } }],
});

async function newAgent({ client, username, fresh }: Scene): Promise<Record<string, string>> {
  const made = await client.post('/system/integrations/registration', {
    ...REGISTRATION,
    username,
    registration_instance_id: fresh(),
  });
  return { integration_uuid: made.json().uuid as string };
}

async function newCheck(scene: Scene): Promise<{ check_uuid: string; file_id: string }> {
  const content = xccdf({ rules: [{ id: 'rule_1', result: 'fail' }] });
  const sent = multipart({
    check_type: 'oscap',
    image_digest: scene.image.digest,
    image_tag: scene.image.tag,
    result_file: { filename: 'result.xml', type: 'application/xml', content },
  });
  const made = await scene.client.request('POST', '/windlass/runtime-compliance', sent);
  const check = await scene.until(
    `/windlass/runtime-compliance/${made.json().uuid}`,
    ({ state }) => state === 'parsed' || state === 'failed',
  );
  const [file] = check.files as { id: number }[];
  return { check_uuid: String(check.uuid), file_id: String(file?.id) };
}

const ofCheck = async (scene: Scene) => ({ params: { check_uuid: (await newCheck(scene)).check_uuid } });

async function newStig({ client, image }: Scene): Promise<Record<string, string>> {
  const made = await client.request('POST', `/images/${image.digest}/stig`, multipart(STIG));
  const row = made.json();
  return { image_digest: image.digest, evaluation_uuid: (row.evaluation_uuid ?? row.uuid) as string };
}

let made: ReturnType<typeof createAuthority> | undefined;
function authority() {
  made ??= createAuthority();
  return made;
}

const cluster = (name: string) => ({
  cluster_name: name,
  inventory_type: 'kubernetes',
  cluster_config: {
    cluster_server: 'https://cluster.invalid',
    cluster_certificate: Buffer.from(authority().cert).toString('base64'),
    credential_type: 'token',
    credential: 'good-token',
  },
});
const newCluster = async ({ client, fresh }: Scene) => {
  const name = `cluster-${fresh()}`;
  await client.post('/inventories/clusters', cluster(name));
  return { params: { cluster_name: name } };
};
const first = async ({ client }: Scene, path: string, field: string, parameter: string) => {
  const body = (await client.get(`${path}?page=1`)).json() as Record<string, unknown>;
  const rows = Object.values(body).find(Array.isArray) as Record<string, string>[] | undefined;
  return { params: { [parameter]: rows?.[0]?.[field] ?? rows?.[0]?.uid ?? 'none' } };
};

/** What runs where, and how it was checked. */
export const RUNTIME: Examples = {
  post_kubernetes_inventory: (scene) => ({ body: kubernetes(scene, 'c1') }),
  post_ecs_inventory: (scene) => ({ body: ecs(scene, 'arn:1') }),
  get_kubernetes_namespace: (scene) => first(scene, '/kubernetes-namespaces', 'id', 'namespace_id'),
  get_kubernetes_node: (scene) => first(scene, '/kubernetes-nodes', 'id', 'node_id'),
  get_kubernetes_pod: (scene) => first(scene, '/kubernetes-pods', 'id', 'pod_id'),
  async delete_kubernetes_namespaces(scene) {
    await scene.client.post('/kubernetes-inventory', kubernetes(scene, 'to-go'));
    return { query: { cluster_name: 'to-go' } };
  },
  async delete_inventory(scene) {
    await scene.client.post('/ecs-inventory', ecs(scene, 'arn:to-go'));
    return { query: { inventory_type: 'ecs', context: 'arn:to-go' } };
  },
  add_inventory_cluster: ({ fresh }) => ({ body: cluster(`cluster-${fresh()}`) }),
  get_inventory_cluster_by_name: newCluster,
  del_inventory_cluster_by_name: newCluster,
  register_integration: ({ username, fresh }) => ({
    body: { ...REGISTRATION, username, registration_instance_id: fresh() },
  }),
  async handle_health_report(scene) {
    return { params: await newAgent(scene), body: { uuid: randomUUID(), ...HEALTH } };
  },
  get_integration_by_id: async (scene) => ({ params: await newAgent(scene) }),
  delete_integration: async (scene) => ({ params: await newAgent(scene), query: { force: 'true' } }),
  add_runtime_compliance_check: ({ image }) =>
    form({
      check_type: 'oscap',
      image_digest: image.digest,
      result_file: {
        filename: 'result.xml',
        type: 'application/xml',
        content: xccdf({ rules: [{ id: 'rule_1', result: 'pass' }] }),
      },
    }),
  get_runtime_compliance_check: ofCheck,
  list_runtime_compliance_rules: ofCheck,
  get_runtime_compliance_hdf: ofCheck,
  async compare_runtime_compliance_checks(scene) {
    const before = (await newCheck(scene)).check_uuid;
    return { params: { check_uuid: (await newCheck(scene)).check_uuid }, query: { before } };
  },
  get_runtime_compliance_file: async (scene) => ({ params: { file_id: (await newCheck(scene)).file_id } }),
  delete_runtime_compliance_check: ofCheck,
  find_runtime_compliance_rules: () => ({ query: { rule: 'rule_1' } }),
  post_image_stig: ({ image }) => ({ params: { image_digest: image.digest }, ...form(STIG) }),
  get_image_stig: async (scene) => ({ params: await newStig(scene) }),
  put_image_stig: async (scene) => ({ params: await newStig(scene), ...form(STIG) }),
  delete_image_stig: async (scene) => ({ params: await newStig(scene) }),
};
