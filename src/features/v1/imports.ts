import { v1ImportOperations } from '#contract/v1/imports.ts';
import type { BodyStream, BoundOperation } from '#platform/http/types.ts';
import { badRequest } from '#shared/errors.ts';
import { type ArchivedImage, readAnalysisArchive } from './analysis-archive.ts';
import { bindV1, same, type V1Request } from './bind.ts';
import { v1Image } from './image-words.ts';
import type { SecondGeneration } from './second-generation.ts';

/** Routes of images whose analysis was done elsewhere: both generations speak alike. */
export function v1ImportRoutes(v2: SecondGeneration): BoundOperation[] {
  return bindV1(
    v1ImportOperations,
    {
      import_image_archive: importArchive,
      list_operations: same,
      create_operation: same,
      get_operation: same,
      invalidate_operation: same,
      list_import_packages: same,
      import_image_packages: same,
      list_import_dockerfiles: same,
      import_image_dockerfile: same,
      list_import_image_manifests: same,
      import_image_manifest: same,
      list_import_parent_manifests: same,
      import_image_parent_manifest: same,
      list_import_image_configs: same,
      import_image_config: same,
    },
    v2,
  );
}

const IMAGE_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** The parts of the archive go the way of an import of the second generation. */
async function importArchive({ input, call }: V1Request<'add_image'>): Promise<unknown> {
  const image = await archiveIn(input);
  const { uuid } = await call('create_operation');
  const params = { operation_id: uuid };
  const send = async (
    id: 'import_image_packages' | 'import_image_config' | 'import_image_manifest' | 'import_image_dockerfile',
    contentType: string,
    bytes: Buffer,
  ) => (await call(id, { params, bytes, contentType })).digest;
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const contents = {
    packages: await send('import_image_packages', 'application/json', json(image.packages)),
    image_config: await send('import_image_config', 'application/json', json(image.imageConfig)),
    manifest: await send('import_image_manifest', IMAGE_MANIFEST, image.manifest),
    ...(image.dockerfile ? { dockerfile: await send('import_image_dockerfile', 'text/plain', image.dockerfile) } : {}),
  };
  const source = {
    operation_uuid: uuid,
    digest: image.digest,
    tags: image.tags,
    contents,
    ...(image.parentDigest ? { parent_digest: image.parentDigest } : {}),
    ...(image.imageId ? { local_image_id: image.imageId } : {}),
  };
  return [v1Image(await call('add_image', { query: {}, body: { image_type: 'docker', source: { import: source } } }))];
}

async function archiveIn({ stream }: V1Request['input']): Promise<ArchivedImage> {
  for await (const { name, file } of (stream as BodyStream | undefined)?.parts() ?? []) {
    if (name === 'archive_file' && file) return readAnalysisArchive(file);
    file?.resume();
  }
  throw badRequest("'archive_file' is a required property: the form has no such file");
}
