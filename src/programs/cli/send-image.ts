import type { Client } from '#client/index.ts';
import { imageImportsOperations } from '#contract/image-imports.ts';
import type { ImageImportContentSearchList } from '#contract/image-imports-schemas.ts';
import { imagesOperations } from '#contract/images.ts';
import type { AnchoreImage, ImportContentDigests } from '#contract/images-schemas.ts';
import type { Analysis, SearchHit } from '#engine/model/analysis.ts';
import { CliFailure } from './failure.ts';

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';

/** What goes with an image that was analysed here. */
export interface SentImage {
  /** Names that the image is known by. */
  tags: string[];
  /** Text of the Dockerfile that it was built from. */
  dockerfile?: string | undefined;
  annotations?: Record<string, string> | undefined;
  query: { force?: boolean; auto_subscribe?: boolean };
}

/** Sends an analysis that was made on this machine, part by part, and has the server make an image of it. */
export async function sendImage(
  client: Client,
  analysis: Analysis,
  sent: SentImage,
  options: { signal: AbortSignal; onStep(step: string): void },
): Promise<AnchoreImage> {
  const { image, manifest } = analysis;
  if (!image || !manifest) throw new CliFailure('the analysis describes no image');
  const { signal } = options;
  const { nativeSbom } = await import('#engine/sbom/index.ts');
  const { uuid } = await client.call(imageImportsOperations.create_operation, {}, { signal });
  const params = { operation_id: uuid! };
  const send = async (step: string, part: Promise<{ digest?: string | undefined }>): Promise<string> => {
    options.onStep(`sending ${step} …`);
    return (await part).digest!;
  };
  const call = { signal };
  const contents: ImportContentDigests = {
    packages: await send(
      'packages and files',
      client.call(
        imageImportsOperations.import_image_packages,
        { params, body: nativeSbom(analysis, { allFiles: true }) },
        call,
      ),
    ),
    image_config: await send(
      'the configuration',
      client.call(imageImportsOperations.import_image_config, { params, body: configOf(analysis) }, call),
    ),
    manifest: await send(
      'the manifest',
      client.call(
        imageImportsOperations.import_image_manifest,
        { params, raw: manifest, contentType: MANIFEST_TYPE },
        call,
      ),
    ),
  };
  if (sent.dockerfile !== undefined) {
    const raw = { params, raw: sent.dockerfile, contentType: 'text/plain' };
    contents.dockerfile = await send(
      'the Dockerfile',
      client.call(imageImportsOperations.import_image_dockerfile, raw, call),
    );
  }
  // An empty list says that there was a search.
  if (analysis.secrets)
    contents.secret_searches = await send(
      'secret searches',
      client.call(imageImportsOperations.import_secret_searches, { params, body: searchesOf(analysis.secrets) }, call),
    );
  if (analysis.contentSearch)
    contents.content_searches = await send(
      'content searches',
      client.call(
        imageImportsOperations.import_content_searches,
        { params, body: searchesOf(analysis.contentSearch) },
        call,
      ),
    );
  if (analysis.retrievedFiles) {
    const body = analysis.retrievedFiles.map((file) => ({
      location: { path: file.path },
      contents: file.content_base64,
    }));
    contents.file_contents = await send(
      'files',
      client.call(imageImportsOperations.import_file_contents, { params, body }, call),
    );
  }
  options.onStep('adding the image …');
  const source = {
    import: {
      operation_uuid: uuid!,
      digest: image.manifestDigest,
      tags: sent.tags,
      contents,
      ...(image.imageId ? { local_image_id: image.imageId } : {}),
      ...(image.parentDigest ? { parent_digest: image.parentDigest } : {}),
    },
  };
  const body = { source, ...(sent.annotations ? { annotations: sent.annotations } : {}) };
  return client.call(imagesOperations.add_image, { query: sent.query, body }, call);
}

/** The image configuration (OCI image-spec, config.md), as far as the analysis keeps it. */
function configOf({ image, layers }: Analysis): Record<string, unknown> {
  const { architecture, os, variant, created, config, history } = image!;
  return {
    architecture,
    os,
    ...(variant ? { variant } : {}),
    ...(created ? { created } : {}),
    config,
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history,
  };
}

/** Hits by path. Lines count from one on the wire; where in the line is not told. */
function searchesOf(hits: readonly SearchHit[]): ImageImportContentSearchList {
  return hits.map(({ path, layer, name, lines }) => ({
    location: { path, ...(layer ? { layerID: layer } : {}) },
    content_searches: lines.map((line) => ({
      classification: name,
      line_number: line + 1,
      line_offset: 0,
      seek_position: 0,
      length: 0,
    })),
  }));
}
