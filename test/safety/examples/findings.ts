import type { Examples, Scene } from './types.ts';

const METRICS = '{ metrics { results { id name } } }';
const ANNOTATION = {
  vulnerability_id: 'CVE-2023-5363',
  status: 'not_affected',
  justification: 'vulnerable_code_not_in_execute_path',
  impact_statement: 'the cipher is not used',
};
const PACKAGE = { name: 'openssl', version: '3.0.9-1', type: 'dpkg' };
const CORRECTION = {
  type: 'package',
  description: 'a fork',
  match: { type: 'npm', field_matches: [{ field_name: 'package', field_value: 'lodash' }] },
  replace: [{ field_name: 'package', field_value: 'lodash-fork' }],
};
const advisory = (id: string) => ({
  id,
  schema_version: '1.6.0',
  modified: '2026-01-01T00:00:00Z',
  summary: 'bad',
  affected: [{ package: { ecosystem: 'npm', name: 'left-pad' }, versions: ['1.0.0'] }],
});
const openVex = (id: string, digest: string) => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': `https://vendor.example/vex/${id}`,
  author: 'Vendor',
  version: 1,
  timestamp: '2026-01-01T00:00:00Z',
  statements: [
    { vulnerability: { name: 'CVE-2023-5363' }, products: [{ '@id': `pkg:oci/app@${digest}` }], status: 'fixed' },
  ],
});
const asJson = (value: unknown) => ({
  raw: { contentType: 'application/json', bytes: Buffer.from(JSON.stringify(value)) },
});

async function newSchedule({ client, fresh }: Scene): Promise<string> {
  const body = { name: `metrics-${fresh()}`, query: METRICS, cron_schedule: '0 12 * * 1' };
  return (await client.post('/windlass/report-schedules', body)).json().uuid as string;
}

async function newResult(scene: Scene): Promise<string> {
  const started = await scene.client.post(`/windlass/report-schedules/${await newSchedule(scene)}/runs`);
  const uuid = started.json().uuid as string;
  await scene.until(`/windlass/report-results/${uuid}`, ({ status }) => !/pending|running|queued/.test(String(status)));
  return uuid;
}

async function newAnnotation({ client, image }: Scene): Promise<Record<string, string>> {
  const made = await client.post(`/images/${image.digest}/vuln-annotations`, {
    annotation: ANNOTATION,
    package_identifier: PACKAGE,
  });
  const uuid = made.json().annotation?.uuid ?? (await known({ client, image }));
  return { image_digest: image.digest, vuln_annotation_uuid: uuid as string };
}

/** An annotation stands already for the package. */
async function known({ client, image }: Pick<Scene, 'client' | 'image'>): Promise<string> {
  const listed = (await client.get(`/images/${image.digest}/vuln-annotations`)).json();
  const rows = (listed.items ?? listed) as { annotation: { uuid: string } }[];
  return rows[0]?.annotation.uuid ?? 'none';
}

const newCorrection = async ({ client }: Scene) =>
  (await client.post('/corrections', CORRECTION)).json().uuid as string;
const newAdvisory = async ({ client, fresh }: Scene) => {
  const id = `ACME-${fresh()}`;
  await client.post('/windlass/advisories', advisory(id));
  return id;
};
const newVex = async ({ client, image, fresh }: Scene) => {
  const made = await client.post('/windlass/vex-documents', openVex(fresh(), image.digest));
  return made.json().uuid as string;
};

/** What is said of findings, and reports about them. */
export const FINDINGS: Examples = {
  create_image_vuln_annotation: ({ image }) => ({
    params: { image_digest: image.digest },
    body: { annotation: ANNOTATION, package_identifier: PACKAGE },
  }),
  get_image_vuln_annotation: async (scene) => ({ params: await newAnnotation(scene) }),
  update_image_vuln_annotation: async (scene) => ({
    params: await newAnnotation(scene),
    body: { ...ANNOTATION, status_notes: scene.fresh() },
  }),
  delete_image_vuln_annotation: async (scene) => ({ params: await newAnnotation(scene) }),
  import_vex_document: ({ image, fresh }) => asJson(openVex(fresh(), image.digest)),
  get_vex_document: async (scene) => ({ params: { document_uuid: await newVex(scene) } }),
  delete_vex_document: async (scene) => ({ params: { document_uuid: await newVex(scene) } }),
  add_correction: () => ({ body: CORRECTION }),
  get_correction_by_uuid: async (scene) => ({ params: { uuid: await newCorrection(scene) } }),
  update_correction_by_uuid: async (scene) => ({
    params: { uuid: await newCorrection(scene) },
    body: { ...CORRECTION, description: scene.fresh() },
  }),
  delete_correction_by_uuid: async (scene) => ({ params: { uuid: await newCorrection(scene) } }),
  create_private_advisory: ({ fresh }) => ({ body: advisory(`ACME-${fresh()}`) }),
  async put_private_advisory(scene) {
    const id = await newAdvisory(scene);
    return { params: { id }, body: { ...advisory(id), summary: scene.fresh() } };
  },
  delete_private_advisory: async (scene) => ({ params: { id: await newAdvisory(scene) } }),
  list_image_vulnerability_changes: ({ image }) => ({
    params: { image_digest: image.digest },
    query: { from: '2026-01-01T00:00:00Z' },
  }),
  query_vulnerabilities: () => ({ query: { id: 'CVE-2023-5363' } }),
  query_images_by_package: () => ({ query: { name: 'openssl' } }),
  read_report: () => ({ query: { query: METRICS } }),
  run_report: () => asJson({ query: METRICS }),
  read_global_report: () => ({ query: { query: METRICS } }),
  run_global_report: () => asJson({ query: METRICS }),
  create_report_schedule: ({ fresh }) => ({
    body: { name: `metrics-${fresh()}`, query: METRICS, cron_schedule: '0 12 * * 1' },
  }),
  get_report_schedule: async (scene) => ({ params: { schedule_uuid: await newSchedule(scene) } }),
  update_report_schedule: async (scene) => ({
    params: { schedule_uuid: await newSchedule(scene) },
    body: { description: scene.fresh() },
  }),
  run_report_schedule: async (scene) => ({ params: { schedule_uuid: await newSchedule(scene) } }),
  get_report_result: async (scene) => ({ params: { result_uuid: await newResult(scene) } }),
  get_query_result: async (scene) => ({ params: { result_uuid: await newResult(scene) }, query: { page: '1' } }),
  download_report_result: async (scene) => ({
    params: { result_uuid: await newResult(scene) },
    query: { format: 'json' },
  }),
  async cancel_report_result(scene) {
    const started = await scene.client.post(`/windlass/report-schedules/${await newSchedule(scene)}/runs`);
    return { params: { result_uuid: started.json().uuid as string } };
  },
  delete_report_result: async (scene) => ({ params: { result_uuid: await newResult(scene) } }),
  delete_report_schedule: async (scene) => ({ params: { schedule_uuid: await newSchedule(scene) } }),
};
