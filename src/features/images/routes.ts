import { imageArtifactsOperations } from '#contract/image-artifacts.ts';
import { imageContentOperations } from '#contract/image-content.ts';
import { imageSbomsOperations } from '#contract/image-sboms.ts';
import { imagesOperations } from '#contract/images.ts';
import { cyclonedxSbom, nativeSbom, spdxSbom } from '#engine/sbom/index.ts';
import type { Database } from '#platform/database/types.ts';
import { rawAnswer, renderedJson } from '#platform/http/answers.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { badRequest, notFound } from '#shared/errors.ts';
import { present } from '#shared/present.ts';
import {
  contentSummary,
  contentTypes,
  fileContent,
  javaContent,
  licenseContent,
  malwareContent,
  packageContent,
  searchArtifacts,
} from './content.ts';
import { createRenderedLists } from './rendered-lists.ts';
import type { AccountRevisions } from './revision.ts';
import type { ImageService } from './service.ts';
import { imageCounts, imageTagSummaries } from './summary-store.ts';
import { anchoreImage } from './view.ts';

const METADATA_TYPES = ['manifest', 'docker_history', 'dockerfile'] as const;

/** Handlers of the image operations. */
export function imageRoutes(deps: {
  images: ImageService;
  revisions: AccountRevisions;
  database: Database;
  /** Since when an image must have been seen to count as running. */
  runningSince(): Date;
}): BoundOperation[] {
  const { images, database } = deps;
  const lists = createRenderedLists(deps.revisions);
  return [
    ...bindOperations(imagesOperations, {
      list_images: async ({ account, query }) =>
        renderedJson(
          await lists.get(account, `list_images ${JSON.stringify(query)}`, async () => ({
            items: (await images.list(account, present(query))).map(anchoreImage),
          })),
        ),
      add_image: async ({ account, body, query, requestId }) =>
        anchoreImage(
          await images.add(account, body, {
            force: query.force ?? false,
            autoSubscribe: query.auto_subscribe ?? false,
            requestId,
          }),
        ),
      delete_images_async: ({ account, query }) => images.remove(account, query.image_digests, query.force ?? false),
      async delete_image({ account, params, query }) {
        const [outcome] = await images.remove(account, [params.image_digest], query.force ?? false);
        if (outcome!.status === 'not_found')
          throw notFound(outcome!.detail ?? 'image not found', { error_codes: ['IMAGE_NOT_FOUND'] });
        return outcome!;
      },
      get_image: async ({ account, params }) => anchoreImage(await images.get(account, params.image_digest)),
      get_image_ancestors: ({ account, params }) => images.ancestors(account, params.image_digest),
      async summary_image_tags({ account, query }) {
        if (query.page < 1) throw badRequest('page must be at least 1');
        if (query.limit !== undefined && query.limit < 1) throw badRequest('limit must be at least 1');
        const running = query.runtime ? { running_since: deps.runningSince() } : {};
        return imageTagSummaries(database.db, account, { ...query, ...running });
      },
      summary_image_counts: ({ account, query }) => imageCounts(database.db, account, query),
    }),
    ...contentRoutes(images),
    ...artifactRoutes(images),
    ...sbomRoutes(images),
  ];
}

function contentRoutes(images: ImageService): BoundOperation[] {
  return bindOperations(imageContentOperations, {
    async list_image_metadata({ account, params }) {
      await images.get(account, params.image_digest);
      return [...METADATA_TYPES];
    },
    async get_image_metadata_by_type({ account, params }) {
      const { row, analysis } = await images.analysis(account, params.image_digest);
      const documents: Record<string, () => string> = {
        manifest: () => encode(analysis.manifest ?? ''),
        docker_history: () => encode(JSON.stringify(analysis.image?.history ?? [])),
        dockerfile: () => row.dockerfile ?? encode(analysis.dockerfile?.text ?? ''),
      };
      const document = documents[params.metadata_type];
      if (!document)
        throw badRequest(`unknown metadata type ${params.metadata_type}: one of ${METADATA_TYPES.join(', ')}`);
      return { image_digest: row.digest, metadata_type: params.metadata_type, metadata: document() };
    },
    async list_image_content({ account, params }) {
      const { analysis } = await images.analysis(account, params.image_digest);
      const types = contentTypes(analysis.packages.map((pkg) => pkg.type));
      return analysis.malware ? [...types, 'malware'] : types;
    },
    async get_image_content_summary({ account, params }) {
      const { row, files } = await images.files(account, params.image_digest);
      return { items: contentSummary((row.package_counts ?? {}) as Record<string, number>, files?.length) };
    },
    async get_image_content_by_type_files({ account, params }) {
      const { row, files } = await images.files(account, params.image_digest);
      if (!files) throw badRequest('files were not collected when this image was analyzed');
      return { image_digest: row.digest, content_type: 'files', content: fileContent(files) };
    },
    async get_image_content_by_type_malware({ account, params }) {
      const { row, analysis } = await images.analysis(account, params.image_digest);
      if (!analysis.malware)
        throw badRequest('malware content is not available: no malware scanner ran when this image was analyzed');
      return { image_digest: row.digest, content_type: 'malware', content: [malwareContent(analysis.malware)] };
    },
    async get_image_content_by_type_java_package({ account, params }) {
      const { row, analysis } = await images.analysis(account, params.image_digest);
      return { image_digest: row.digest, content_type: 'java', content: javaContent(analysis) };
    },
    async get_image_content_by_type_license({ account, params }) {
      const { analysis } = await images.analysis(account, params.image_digest);
      return { items: licenseContent(analysis) };
    },
    async get_image_content_by_type({ account, params }) {
      const { row, analysis } = await images.analysis(account, params.image_digest);
      const types = contentTypes(analysis.packages.map((pkg) => pkg.type));
      if (!types.includes(params.content_type)) {
        throw badRequest(`unknown content type ${params.content_type}: this image has ${types.join(', ')}`);
      }
      return {
        image_digest: row.digest,
        content_type: params.content_type,
        content: packageContent(analysis, params.content_type),
      };
    },
  });
}

function artifactRoutes(images: ImageService): BoundOperation[] {
  return bindOperations(imageArtifactsOperations, {
    list_file_content_search_results: async ({ account, params }) =>
      searchArtifacts((await images.analysis(account, params.image_digest)).analysis.contentSearch ?? []),
    list_secret_search_results: async ({ account, params }) =>
      searchArtifacts((await images.analysis(account, params.image_digest)).analysis.secrets ?? []),
    list_retrieved_files: async ({ account, params }) =>
      ((await images.analysis(account, params.image_digest)).analysis.retrievedFiles ?? []).map((file) => ({
        path: file.path,
        b64_content: file.content_base64,
      })),
  });
}

function sbomRoutes(images: ImageService): BoundOperation[] {
  return bindOperations(imageSbomsOperations, {
    async get_image_sbom_native_json({ account, params }) {
      const { analysis } = await images.analysis(account, params.image_digest);
      const { files } = await images.files(account, params.image_digest);
      return rawAnswer(JSON.stringify(nativeSbom(files ? { ...analysis, files } : analysis)), {
        contentType: 'application/json',
      });
    },
    get_image_sbom_spdx_json: async ({ account, params }) =>
      rawAnswer(JSON.stringify(spdxSbom((await images.analysis(account, params.image_digest)).analysis)), {
        contentType: 'application/json',
      }),
    get_image_sbom_cyclonedx_json: async ({ account, params }) =>
      rawAnswer(JSON.stringify(cyclonedxSbom((await images.analysis(account, params.image_digest)).analysis)), {
        contentType: 'application/json',
      }),
  });
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}
