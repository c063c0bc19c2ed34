import type { z } from 'zod';
import {
  ImageImportContentSearchList,
  ImageImportFileContentList,
  ImagePackageManifest,
} from '#contract/image-imports-schemas.ts';
import { guessDockerfile } from '#engine/analyzers/dockerfile/index.ts';
import { describeImage, parseManifest } from '#engine/image/index.ts';
import type { Analysis, LayerSummary, SearchHit } from '#engine/model/analysis.ts';
import type { Digest } from '#engine/model/digest.ts';
import type { Problem } from '#engine/model/problem.ts';
import { readNativeFiles, readSbom, SbomError } from '#engine/sbom/index.ts';
import { badRequest } from '#shared/errors.ts';

/** The parts of an import, as bytes. */
export interface ImportParts {
  packages: Buffer;
  image_config: Buffer;
  manifest: Buffer;
  dockerfile?: Buffer | undefined;
  secret_searches?: Buffer | undefined;
  content_searches?: Buffer | undefined;
  file_contents?: Buffer | undefined;
}

/** Makes the analysis that a client did elsewhere into one of ours. Throws AppError 400 naming the part that is wrong. */
export function buildAnalysis(parts: ImportParts, image: { digest: Digest; parentDigest?: Digest }): Analysis {
  const document = read('packages', parts.packages, ImagePackageManifest);
  const problems: Problem[] = [];
  const { metadata, layers } = readImage(parts, image, problems);
  let sbom: Analysis;
  try {
    sbom = readSbom(document);
  } catch (error) {
    if (error instanceof SbomError) throw badRequest(`the content packages cannot be read: ${error.message}`);
    throw error;
  }
  const files = readNativeFiles(
    document,
    layers.map((layer) => layer.digest),
  );
  const { dockerfile } = parts;
  return {
    ...sbom,
    analyzerVersion: `import ${document.descriptor?.name ?? 'unknown'} ${document.descriptor?.version ?? ''}`.trim(),
    source: { kind: 'image', name: image.digest },
    image: metadata,
    manifest: parts.manifest.toString('utf8'),
    layers,
    ...(files.length > 0 ? { files } : {}),
    ...(parts.secret_searches ? { secrets: readHits('secret_searches', parts.secret_searches) } : {}),
    ...(parts.content_searches ? { contentSearch: readHits('content_searches', parts.content_searches) } : {}),
    ...(parts.file_contents ? { retrievedFiles: readFiles(parts.file_contents) } : {}),
    dockerfile: dockerfile
      ? { mode: 'Actual', text: dockerfile.toString('utf8') }
      : { mode: 'Guessed', text: guessDockerfile(metadata) },
    problems: [...sbom.problems, ...problems],
  };
}

function readImage(parts: ImportParts, image: { digest: Digest; parentDigest?: Digest }, problems: Problem[]) {
  try {
    const manifest = parseManifest(parts.manifest);
    const descriptors = manifest.kind === 'image' ? manifest.layers : [];
    if (manifest.kind !== 'image') {
      problems.push({
        code: 'import-manifest-without-layers',
        message: `the imported manifest is of kind ${manifest.kind}: the layers of the image are unknown`,
        severity: 'partial',
        source: 'import',
      });
    }
    const { metadata, claimedDiffIds } = describeImage({
      manifest: parts.manifest,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: parts.image_config,
      layers: descriptors,
      manifestDigest: image.digest,
      ...(image.parentDigest ? { parentDigest: image.parentDigest } : {}),
    });
    const steps = metadata.history.filter((step) => !step.empty_layer);
    const layers = descriptors.map((layer, index): LayerSummary => {
      const createdBy = steps[index]?.created_by;
      return {
        digest: layer.digest as Digest,
        diffId: (claimedDiffIds[index] ?? layer.digest) as Digest,
        mediaType: layer.mediaType,
        size: layer.size,
        rawSize: layer.size,
        entries: 0,
        ...(createdBy ? { createdBy } : {}),
        complete: true,
      };
    });
    return { metadata, layers };
  } catch (error) {
    throw badRequest(`the imported manifest or image configuration cannot be read: ${(error as Error).message}`);
  }
}

function read<T>(name: string, bytes: Buffer, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw badRequest(`the content ${name} is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw badRequest(`the content ${name} is not what it should be: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** Line numbers count from one on the wire, from zero here. */
function readHits(name: string, bytes: Buffer): SearchHit[] {
  return read(name, bytes, ImageImportContentSearchList).flatMap(({ location, content_searches }) => {
    const lines = new Map<string, number[]>();
    for (const hit of content_searches) {
      const known = lines.get(hit.classification) ?? [];
      known.push(Math.max(0, hit.line_number - 1));
      lines.set(hit.classification, known);
    }
    return [...lines].map(
      ([classification, numbers]): SearchHit => ({
        path: location.path,
        ...(location.layerID ? { layer: location.layerID } : {}),
        name: classification,
        regex: classification,
        lines: numbers,
      }),
    );
  });
}

function readFiles(bytes: Buffer) {
  return read('file_contents', bytes, ImageImportFileContentList).map(({ location, contents }) => ({
    path: location.path,
    content_base64: contents,
  }));
}
