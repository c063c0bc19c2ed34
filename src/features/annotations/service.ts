import { randomUUID } from 'node:crypto';
import type { PackageVulnerabilityAnnotation, VulnerabilityAnnotation } from '#contract/vulnerability-annotations.ts';
import { appendEvent } from '#features/events/index.ts';
import type { ImageService } from '#features/images/index.ts';
import { storableText } from '#platform/database/json.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import {
  type AnnotationContent,
  type AnnotationFilter,
  type AnnotationRow,
  deleteAnnotation,
  findAnnotation,
  insertAnnotation,
  listAnnotations,
  updateAnnotation,
} from './store.ts';

/** Longest text of one field, in characters. */
const MAX_TEXT = 20_000;

export interface AnnotationServiceDependencies {
  database: Database;
  images: Pick<ImageService, 'get'>;
  /** Told in the transaction of the change: verdicts and lists of the image may be others now. */
  changed(tx: Db, account: string, digest: string): Promise<void>;
  /** Author that is stated instead of the user's name. */
  author?: string | undefined;
}

export type AnnotationService = ReturnType<typeof createAnnotationService>;

/** What people of an account say of the vulnerabilities of an image. */
export function createAnnotationService(deps: AnnotationServiceDependencies) {
  const { database, images } = deps;

  async function image(account: string, digest: string): Promise<string> {
    return (await images.get(account, digest)).digest;
  }

  function missing(uuid: string) {
    return notFound(`vulnerability annotation not found: ${uuid}`);
  }

  async function tell(tx: Db, row: AnnotationRow, what: 'created' | 'updated' | 'deleted'): Promise<void> {
    await appendEvent(tx, {
      name: 'vulnerability_annotation_changed',
      account: row.account,
      resource_id: row.digest,
      message: `The annotation of ${row.vulnerability_id} was ${what}`,
      details: {
        annotation_uuid: row.uuid,
        vulnerability_id: row.vulnerability_id,
        status: row.status,
        author: row.author,
        version: row.version,
        change: what,
      },
    });
    await deps.changed(tx, row.account, row.digest);
  }

  return {
    async list(account: string, digest: string, filter: AnnotationFilter): Promise<AnnotationRow[]> {
      return listAnnotations(database.db, account, await image(account, digest), filter);
    },

    async get(account: string, digest: string, uuid: string): Promise<AnnotationRow> {
      const row = await findAnnotation(database.db, account, await image(account, digest), uuid);
      if (!row) throw missing(uuid);
      return row;
    },

    async create(
      account: string,
      digest: string,
      { annotation, package_identifier: pkg }: PackageVulnerabilityAnnotation,
      username: string,
    ): Promise<AnnotationRow> {
      const content = contentOf(annotation);
      for (const name of ['name', 'version', 'type'] as const)
        if (pkg?.[name].trim() === '') throw badRequest(`package_identifier.${name} must not be empty`);
      const known = await image(account, digest);
      return database.transaction(async (tx) => {
        const author = deps.author ?? username;
        const row = await insertAnnotation(tx, account, known, {
          ...content,
          uuid: randomUUID(),
          author,
          package: pkg ?? undefined,
        });
        if (!row) {
          const about = pkg ? `${pkg.name} ${pkg.version} (${pkg.type})` : 'the whole image';
          throw conflict(`the image has an annotation of ${content.vulnerability_id} for ${about}: change that one`);
        }
        await tell(tx, row, 'created');
        return row;
      });
    },

    async update(
      account: string,
      digest: string,
      uuid: string,
      annotation: VulnerabilityAnnotation,
      username: string,
    ): Promise<AnnotationRow> {
      const content = contentOf(annotation);
      const known = await image(account, digest);
      return database.transaction(async (tx) => {
        const before = await findAnnotation(tx, account, known, uuid);
        if (!before) throw missing(uuid);
        if (before.vulnerability_id !== content.vulnerability_id)
          throw badRequest(`vulnerability_id cannot be changed: the annotation is about ${before.vulnerability_id}`);
        const row = await updateAnnotation(tx, account, known, uuid, { ...content, author: deps.author ?? username });
        if (!row) throw missing(uuid);
        await tell(tx, row, 'updated');
        return row;
      });
    },

    async remove(account: string, digest: string, uuid: string): Promise<void> {
      const known = await image(account, digest);
      await database.transaction(async (tx) => {
        const row = await findAnnotation(tx, account, known, uuid);
        if (!row || !(await deleteAnnotation(tx, account, known, uuid))) throw missing(uuid);
        await tell(tx, row, 'deleted');
      });
    },
  };
}

/** The fields that people set. What the server sets itself is ignored. Throws 400. */
function contentOf(annotation: VulnerabilityAnnotation): AnnotationContent {
  const vulnerability_id = storableText(annotation.vulnerability_id).trim();
  if (vulnerability_id === '' || vulnerability_id.length > 200)
    throw badRequest('annotation.vulnerability_id must have 1 to 200 characters');
  const { status, justification } = annotation;
  if (justification === 'fix_not_planned' ? status !== 'affected' : justification && status !== 'not_affected') {
    const fitting = justification === 'fix_not_planned' ? 'affected' : 'not_affected';
    throw badRequest(`annotation.justification ${justification} goes with the status ${fitting}, not with ${status}`);
  }
  const text = (name: 'status_notes' | 'impact_statement' | 'action_statement' | 'additional_details') => {
    const value = annotation[name]?.trim();
    if (value && value.length > MAX_TEXT)
      throw badRequest(`annotation.${name} has ${value.length} characters; at most ${MAX_TEXT} are kept`);
    return value ? storableText(value) : null;
  };
  return {
    vulnerability_id,
    status,
    justification: justification ?? null,
    status_notes: text('status_notes'),
    impact_statement: text('impact_statement'),
    action_statement: text('action_statement'),
    additional_details: text('additional_details'),
  };
}
