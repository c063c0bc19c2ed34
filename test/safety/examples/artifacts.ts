import { createHash } from 'node:crypto';
import { DEFAULT_POLICY } from '#engine/policy/index.ts';
import { importSource, nativeSbomOf } from '../../api/source-fixture.ts';
import type { Examples, Scene } from './types.ts';

const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: `sha256:${'1'.repeat(64)}`, size: 10 },
  layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: `sha256:${'2'.repeat(64)}`, size: 100 }],
});
const INDEX = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  manifests: [{ mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: `sha256:${'1'.repeat(64)}`, size: 1 }],
});
const CONFIG = {
  architecture: 'amd64',
  os: 'linux',
  config: { User: 'app' },
  rootfs: { type: 'layers', diff_ids: [`sha256:${'3'.repeat(64)}`] },
  history: [{ created_by: 'COPY . .' }],
};
const SBOM = nativeSbomOf([{ name: 'requests', version: '2.30.0', type: 'python', path: '/requirements.txt' }]);
const HIT = { classification: 'KEY', line_number: 3, line_offset: 0, seek_position: 9, length: 20 };
const SEARCHES = [{ location: { path: '/app/key' }, content_searches: [HIT] }];
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const raw = (contentType: string, text: string) => ({ raw: { contentType, bytes: Buffer.from(text) } });
const newSource = async (scene: Scene) => {
  const made = await importSource(
    scene.client,
    { host: 'git.example.org', repository_name: 'team/web', revision: scene.fresh() },
    SBOM,
  );
  await scene.until(`/sources/${made.uuid}`, ({ analysis_status }) => analysis_status === 'analyzed');
  return made.uuid;
};
const newOperation = async ({ client }: Scene, of: string) => ({
  params: { operation_id: (await client.post(`/imports/${of}`)).json().uuid as string },
});
const content = (scene: Scene, body: unknown) => newOperation(scene, 'images').then((made) => ({ ...made, body }));
const bytes = async (scene: Scene, type: string, text: string) => ({
  ...(await newOperation(scene, 'images')),
  ...raw(type, text),
});

async function newApplication({ client, fresh }: Scene) {
  const application_id = (await client.post('/applications', { name: `shop-${fresh()}` })).json()
    .application_id as string;
  const version = await client.post(`/applications/${application_id}/versions`, { version_name: '1.0' });
  return { application_id, application_version_id: version.json().application_version_id as string };
}

const ofImage = ({ image }: Scene) => ({ params: { image_digest: image.digest } });
const ofSource = async (scene: Scene) => ({
  params: { source_id: scene.things.following('/v2/sources', 'source_id')[0] ?? (await newSource(scene)) },
});

/** What is imported, analysed, put together and judged. */
export const ARTIFACTS: Examples = {
  create_operation: () => ({}),
  import_image_packages: (scene) => content(scene, SBOM),
  import_image_config: (scene) => content(scene, CONFIG),
  import_content_searches: (scene) => content(scene, SEARCHES),
  import_secret_searches: (scene) => content(scene, SEARCHES),
  import_file_contents: (scene) => content(scene, [{ location: { path: '/etc/passwd' }, contents: 'cm9vdA==' }]),
  import_image_manifest: (scene) => bytes(scene, 'application/vnd.oci.image.manifest.v1+json', MANIFEST),
  import_image_parent_manifest: (scene) => bytes(scene, 'application/vnd.oci.image.index.v1+json', INDEX),
  import_image_dockerfile: (scene) => bytes(scene, 'text/plain', 'FROM scratch\n'),
  import_image_sbom: (scene) => bytes(scene, 'application/json', JSON.stringify(SBOM)),
  invalidate_operation: (scene) => newOperation(scene, 'images'),
  async add_image(scene) {
    const { params } = await newOperation(scene, 'images');
    const send = async (part: string, body: string, type = 'application/json') =>
      (
        await scene.client.request('POST', `/imports/images/${params.operation_id}/${part}`, {
          body: Buffer.from(body),
          headers: { 'content-type': type },
        })
      ).json().digest as string;
    const contents = {
      packages: await send('packages', JSON.stringify(SBOM)),
      image_config: await send('image-config', JSON.stringify(CONFIG)),
      manifest: await send('manifest', MANIFEST, 'application/vnd.oci.image.manifest.v1+json'),
    };
    const digest = `sha256:${sha256(scene.fresh())}`;
    const tags = [`registry.example.org/imported/app:${scene.fresh()}`];
    return {
      body: {
        source: { import: { operation_uuid: params.operation_id, digest, tags, contents } },
        image_type: 'docker',
      },
    };
  },
  async upload_image_archive(scene) {
    const tag = `registry.example.org/team/app:${scene.fresh()}`;
    return { query: { tag }, raw: { contentType: 'application/octet-stream', bytes: scene.archive() } };
  },
  get_image_policy_check_by_digest: ({ image }) => ({
    params: { image_digest: image.digest },
    query: { tag: image.tag, detail: 'true' },
  }),
  get_image_content_by_type: ({ image }) => ({ params: { image_digest: image.digest, content_type: 'npm' } }),
  get_image_content_by_type_malware: ofImage,
  explain_image_vulnerability: ({ image }) => ({
    params: { image_digest: image.digest },
    query: { vulnerability: 'CVE-2023-5363', package: 'openssl' },
  }),
  async delete_image(scene) {
    return { params: { image_digest: (await scene.newImage()).digest }, query: { force: 'true' } };
  },
  async delete_images_async(scene) {
    return { query: { image_digests: (await scene.newImage()).digest, force: 'true' } };
  },
  create_sources_operation: () => ({}),
  upload_import_sources_sbom: async (scene) => ({ ...(await newOperation(scene, 'sources')), body: SBOM }),
  async get_import_sources_sbom(scene) {
    const { params } = await newOperation(scene, 'sources');
    await scene.client.post(`/imports/sources/${params.operation_id}/sbom`, SBOM);
    return { params };
  },
  async finalize_operation(scene) {
    const { params } = await newOperation(scene, 'sources');
    const sent = await scene.client.post(`/imports/sources/${params.operation_id}/sbom`, SBOM);
    const body = {
      host: 'git.example.org',
      repository_name: 'team/web',
      revision: scene.fresh(),
      branch_name: 'main',
      contents: { sbom: sent.json().digest },
    };
    return { params, body };
  },
  invalidate_sources_operation: (scene) => newOperation(scene, 'sources'),
  get_source_policy_check: ofSource,
  get_source_content_types: ofSource,
  get_source_content_summary: ofSource,
  get_source_content_by_type: async (scene) => ({
    params: { ...(await ofSource(scene)).params, content_type: 'python' },
  }),
  get_source_sbom_cyclonedx_json: ofSource,
  get_source_sbom_native_json: ofSource,
  get_source_sbom_spdx_json: ofSource,
  get_source_vulnerabilities: async (scene) => ({ params: { ...(await ofSource(scene)).params, vuln_type: 'all' } }),
  delete_source: async (scene) => ({ params: { source_id: await newSource(scene) } }),
  add_application: ({ fresh }) => ({ body: { name: `shop-${fresh()}`, description: 'sells things' } }),
  add_application_version: async (scene) => ({
    params: { application_id: (await newApplication(scene)).application_id },
    body: { version_name: scene.fresh() },
  }),
  get_application: async (scene) => ({ params: { application_id: (await newApplication(scene)).application_id } }),
  update_application: async (scene) => ({
    params: { application_id: (await newApplication(scene)).application_id },
    body: { name: `store-${scene.fresh()}` },
  }),
  get_application_versions: async (scene) => ({
    params: { application_id: (await newApplication(scene)).application_id },
  }),
  get_application_version: async (scene) => ({ params: await newApplication(scene) }),
  update_application_version: async (scene) => ({
    params: await newApplication(scene),
    body: { version_name: scene.fresh() },
  }),
  list_artifacts: async (scene) => ({ params: await newApplication(scene) }),
  add_artifact_to_application_version: async (scene) => ({
    params: await newApplication(scene),
    body: { artifact_type: 'image', artifact_keys: { image_digest: scene.image.digest } },
  }),
  async remove_artifact_from_application_version(scene) {
    const params = await newApplication(scene);
    const path = `/applications/${params.application_id}/versions/${params.application_version_id}/artifacts`;
    const made = await scene.client.post(path, {
      artifact_type: 'image',
      artifact_keys: { image_digest: scene.image.digest },
    });
    return {
      params: { ...params, association_id: made.json().artifact_association_metadata.association_id as string },
    };
  },
  get_application_version_sbom: async (scene) => ({ params: await newApplication(scene) }),
  get_application_version_vulnerabilities: async (scene) => ({ params: await newApplication(scene) }),
  delete_application_version: async (scene) => ({ params: await newApplication(scene) }),
  delete_application: async (scene) => ({ params: { application_id: (await newApplication(scene)).application_id } }),
  add_artifact_relationship: async (scene) => ({
    body: {
      source: { artifact_type: 'source', artifact_id: (await ofSource(scene)).params.source_id },
      target: { artifact_type: 'image', artifact_id: scene.image.digest },
      relationship_type: 'contained_by',
      comment: 'built from it',
    },
  }),
  async delete_artifact_relationships(scene) {
    const made = await scene.client.post('/artifact-relationships', {
      source: { artifact_type: 'image', artifact_id: scene.image.digest },
      target: { artifact_type: 'image', artifact_id: scene.base.digest },
      relationship_type: 'contains',
    });
    return { query: { relationship_ids: made.json().relationship_id as string } };
  },
  add_policy: ({ fresh }) => ({ body: { ...DEFAULT_POLICY, id: `policy-${fresh()}` } }),
  async update_policy({ client, fresh }) {
    const record = (await client.post('/policies', { ...DEFAULT_POLICY, id: `policy-${fresh()}` })).json();
    return {
      params: { policy_id: record.policy_id as string },
      body: { ...record, policy: { ...DEFAULT_POLICY, id: record.policy_id, name: 'renamed' } },
    };
  },
  async delete_policy({ client, fresh }) {
    const made = await client.post('/policies', { ...DEFAULT_POLICY, id: `policy-${fresh()}` });
    return { params: { policy_id: made.json().policy_id as string } };
  },
  stateless_scan: ({ image }) => ({ query: { tag: image.tag }, body: { sbom: SBOM } }),
  vulnerability_scan_sbom: () => ({ body: SBOM }),
};
