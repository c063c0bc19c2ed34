import { hostname } from 'node:os';
import type { ImageAnalysisRequest } from '#contract/images-schemas.ts';
import type { Analysis } from '#engine/model/analysis.ts';
import { analysisOfImage, getAnalysisDocument, getAnalysisFiles } from '#features/analyses/index.ts';
import { appendEvent } from '#features/events/index.ts';
import type { RegistryService } from '#features/registries/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { AppError, badRequest, notFound } from '#shared/errors.ts';
import { type KnownSource, readAddRequest, readAnnotations, recordImage, sourceKind } from './add-image.ts';
import { ANALYZE_JOB, type AnalyzePayload, analyzeKey } from './analyze-job.ts';
import { ancestorsOf } from './ancestors.ts';
import { type DeleteOutcome, markForDeletion } from './delete-image.ts';
import type { ImageGateway } from './gateway.ts';
import type { AccountRevisions } from './revision.ts';
import { accountsAwaiting, findImage, type ImageFilter, type ImageRow, listImages } from './store.ts';
import { fullTag, type TagParts } from './tag-store.ts';

export interface ImageServiceDependencies {
  database: Database;
  objects: ObjectStore;
  jobs: Jobs;
  registries: Pick<RegistryService, 'credentialsFor'>;
  gateway: ImageGateway;
  revisions: AccountRevisions;
  host?: string;
  /** A base image that a user marked goes before the nearest ancestor. Default true. */
  userBaseImages?: boolean;
}

/** An image whose analysis is there without fetching it: imported, or brought back from the archive. */
export interface KnownImage {
  digest: string;
  parentDigest?: string;
  imageId?: string;
  dockerfile?: string;
  annotations: Record<string, string>;
  /** At least one. */
  tags: (TagParts & { detectedAt?: Date })[];
  /** Stores the analysis as one of the account and whatever else comes with it, in the transaction that records the image. */
  store(tx: Db): Promise<void>;
}

/** Finds the image that a source of an add request names. Throws AppError when there is none. */
export type OpenKnown = (account: string, source: NonNullable<ImageAnalysisRequest['source']>) => Promise<KnownImage>;

export type ImageService = ReturnType<typeof createImageService>;

/** Images of an account: adding, listing, reading and deleting. */
export function createImageService(deps: ImageServiceDependencies) {
  const { database, objects, jobs, gateway, revisions } = deps;
  const { db } = database;
  const host = deps.host ?? hostname();
  const knownSources = new Map<KnownSource, OpenKnown>();

  async function get(account: string, digest: string): Promise<ImageRow> {
    const row = await findImage(db, account, digest.toLowerCase());
    if (!row) throw notFound(`image not found: ${digest}`, { error_codes: ['IMAGE_NOT_FOUND'] });
    return row;
  }

  /** The image, which must be analysed: nothing else has content, findings or a verdict. */
  async function getAnalyzed(account: string, digest: string): Promise<ImageRow> {
    const row = await get(account, digest);
    if (row.image_status !== 'active') throw notFound(`image is not active: image_status is ${row.image_status}`);
    if (row.analysis_status !== 'analyzed') {
      throw notFound(`image is not analyzed - analysis_status: ${row.analysis_status}`, { error_codes: [] });
    }
    return row;
  }

  async function analysisRow(account: string, digest: string) {
    const row = await getAnalyzed(account, digest);
    const analysis = await analysisOfImage(db, row);
    if (!analysis) throw notFound(`analysis of image ${digest} is missing`);
    return { row, analysis };
  }

  async function record(
    account: string,
    images: { digest: string; parentDigest?: string; imageId?: string; payload: AnalyzePayload; tags: TagParts[] }[],
    request: { annotations: Record<string, string>; dockerfile?: string; detectedAt?: Date },
    options: { force: boolean; autoSubscribe: boolean },
  ): Promise<ImageRow[]> {
    await database.transaction(async (tx) => {
      for (const image of images) {
        const recorded = await recordImage(tx, account, image, image.tags, request, { ...options, host });
        if (recorded.queue) await jobs.send(tx, ANALYZE_JOB, image.payload, { key: image.digest });
      }
      await revisions.touch(tx, account);
    });
    return Promise.all(images.map((image) => get(account, image.digest)));
  }

  async function addKnown(
    account: string,
    image: KnownImage,
    options: { force: boolean; autoSubscribe: boolean },
  ): Promise<ImageRow> {
    const [first] = image.tags;
    if (!first) throw badRequest(`image ${image.digest} comes without a tag`);
    const { annotations, dockerfile } = image;
    await database.transaction(async (tx) => {
      // Forced: whatever the state of a record of the same digest, this analysis takes its place.
      for (const { detectedAt, ...tag } of image.tags) {
        const request = { annotations, ...(dockerfile ? { dockerfile } : {}), ...(detectedAt ? { detectedAt } : {}) };
        await recordImage(tx, account, image, [tag], request, { ...options, force: true, host });
      }
      await image.store(tx);
      const { registry, repository } = first;
      const payload: AnalyzePayload = {
        digest: image.digest,
        account,
        registry,
        repository,
        stored: true,
        force: false,
      };
      await jobs.send(tx, ANALYZE_JOB, payload, { key: analyzeKey(payload) });
      await revisions.touch(tx, account);
    });
    return get(account, image.digest);
  }

  /** Ends an analysis that no account waits for any more, so that the image can be added anew at once. */
  async function cancelUnwanted(tx: Db, digest: string): Promise<void> {
    if ((await accountsAwaiting(tx, digest)).length > 0) return;
    const open = await jobs.list({ kind: ANALYZE_JOB, key: digest, state: ['queued', 'active', 'retry'] }, tx);
    for (const { id } of open) await jobs.cancel(id, tx);
  }

  return {
    get,
    getAnalyzed,

    /** Makes a kind of source available to {@link add}; called while the product is put together. */
    provideSource: (kind: KnownSource, open: OpenKnown): void => void knownSources.set(kind, open),

    async list(account: string, query: Omit<ImageFilter, 'tag'> & { full_tag?: string }): Promise<ImageRow[]> {
      const { full_tag, ...filter } = query;
      if (full_tag === undefined) return listImages(db, account, filter);
      const reference = gateway.parse(full_tag);
      if (reference.digest !== undefined) {
        const row = await findImage(db, account, reference.digest);
        if (!row) throw notFound(`image not found: ${full_tag}`, { error_codes: ['IMAGE_NOT_FOUND'] });
        return [row];
      }
      const tag = { registry: reference.registry, repository: reference.repository, tag: reference.tag ?? 'latest' };
      const rows = await listImages(db, account, { ...filter, tag });
      // 404, not an empty list: admission controllers retry on the former only.
      if (rows.length === 0) throw notFound(`image not found: ${full_tag}`, { error_codes: ['IMAGE_NOT_FOUND'] });
      return rows;
    },

    async add(
      account: string,
      body: ImageAnalysisRequest,
      options: {
        force: boolean;
        autoSubscribe: boolean;
        requestId?: string;
        /** Raise no event when the registry does not have it. */
        silent?: boolean;
      },
    ): Promise<ImageRow> {
      const kind = sourceKind(body);
      if (kind === 'archive' || kind === 'import') {
        const open = knownSources.get(kind);
        if (!open) throw badRequest(`source.${kind} is not available on this server: use a tag or a digest`);
        const image = await open(account, body.source!);
        const annotations = { ...image.annotations, ...readAnnotations(body.annotations) };
        return addKnown(account, { ...image, annotations }, options);
      }
      const request = readAddRequest(body, gateway, options.force);
      const { reference, tag } = request;
      const credentials = await deps.registries.credentialsFor(db, account, reference.registry, reference.repository);
      let resolved: Awaited<ReturnType<ImageGateway['resolve']>>;
      try {
        resolved = await gateway.resolve(reference, credentials);
      } catch (error) {
        if (options.silent) throw error;
        await appendEvent(db, {
          name: 'registry_lookup_failed',
          account,
          resource_id: fullTag(tag),
          details: { error: (error as Error).message },
          ...(options.requestId ? { request_id: options.requestId } : {}),
        });
        throw error;
      }
      const payload: AnalyzePayload = {
        digest: resolved.digest,
        account,
        registry: reference.registry,
        repository: reference.repository,
        force: options.force,
      };
      const [row] = await record(account, [{ ...resolved, payload, tags: [tag] }], request, options);
      return row!;
    },

    /** Adds the images of an uploaded archive that lies in the object store under `key`. */
    async addArchive(
      account: string,
      key: string,
      path: string,
      options: { tags: string[]; force: boolean },
    ): Promise<ImageRow[]> {
      const opened = await gateway.openArchive(path);
      try {
        const images = opened.map(({ image, tags }) => {
          const names = options.tags.length > 0 ? options.tags : tags;
          const parsed = names
            .map((name) => gateway.parse(name))
            .map((r) => ({ registry: r.registry, repository: r.repository, tag: r.tag ?? 'latest' }));
          const first = parsed[0];
          if (!first) throw new AppError(400, 'the archive names no tag: give one with the query parameter tag');
          const digest = image.metadata.manifestDigest;
          const payload: AnalyzePayload = {
            digest,
            account,
            registry: first.registry,
            repository: first.repository,
            archive: key,
            force: options.force,
          };
          return {
            digest,
            ...(image.metadata.parentDigest ? { parentDigest: image.metadata.parentDigest } : {}),
            imageId: image.metadata.imageId,
            payload,
            tags: parsed,
          };
        });
        return await record(account, images, { annotations: {} }, { force: options.force, autoSubscribe: false });
      } finally {
        for (const { image } of opened) await image.close();
      }
    },

    async remove(account: string, digests: string[], force: boolean): Promise<DeleteOutcome[]> {
      return database.transaction(async (tx) => {
        const outcomes: DeleteOutcome[] = [];
        for (const digest of digests) {
          const outcome = await markForDeletion(tx, account, digest.toLowerCase(), force);
          if (outcome.status === 'deleting') await cancelUnwanted(tx, outcome.image_digest);
          outcomes.push(outcome);
        }
        await revisions.touch(tx, account);
        return outcomes;
      });
    },

    async analysis(account: string, digest: string): Promise<{ row: ImageRow; analysis: Analysis }> {
      const { row, analysis } = await analysisRow(account, digest);
      return { row, analysis: await getAnalysisDocument(objects, analysis) };
    },

    async files(account: string, digest: string) {
      const { row, analysis } = await analysisRow(account, digest);
      return { row, files: await getAnalysisFiles(objects, analysis) };
    },

    async ancestors(account: string, digest: string) {
      const { row, analysis } = await analysisRow(account, digest);
      const options = { userBaseImages: deps.userBaseImages ?? true };
      return ancestorsOf(db, account, row.digest, analysis.layer_digests, options);
    },
  };
}
