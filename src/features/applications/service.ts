import { randomUUID } from 'node:crypto';
import type { Application, ApplicationVersion, ArtifactAssociationRequest } from '#contract/applications-schemas.ts';
import type { ImageRow, ImageService } from '#features/images/index.ts';
import type { SourceRow, SourceService } from '#features/sources/index.ts';
import { storableText } from '#platform/database/json.ts';
import type { Database } from '#platform/database/types.ts';
import { AppError, badRequest, conflict, notFound } from '#shared/errors.ts';
import { isUuid } from '#shared/uuid.ts';
import {
  type ApplicationRow,
  type AssociationRow,
  deleteApplication,
  deleteAssociation,
  deleteVersion,
  findApplication,
  findVersion,
  insertApplication,
  insertVersion,
  listApplications,
  listAssociations,
  listVersions,
  renameVersion,
  saveAssociation,
  updateApplication,
  type VersionRow,
} from './store.ts';

/** Longest names and descriptions, in characters. */
const MAX_NAME = 255;
const MAX_DESCRIPTION = 10_000;

export interface ApplicationServiceDependencies {
  database: Database;
  images: Pick<ImageService, 'get'>;
  sources: Pick<SourceService, 'get' | 'byName' | 'byUuid'>;
}

/** An association with the artifact, as far as that exists. */
export type AssociatedArtifact =
  | { type: 'image'; association: AssociationRow; image: ImageRow | undefined }
  | { type: 'source'; association: AssociationRow; source: SourceRow | undefined };

export type ApplicationService = ReturnType<typeof createApplicationService>;

/** Applications of an account: named versions, made of images and sources. */
export function createApplicationService(deps: ApplicationServiceDependencies) {
  const { images, sources } = deps;
  const { db } = deps.database;

  async function get(account: string, uuid: string): Promise<ApplicationRow> {
    const row = isUuid(uuid) ? await findApplication(db, account, uuid) : undefined;
    if (!row) throw notFound(`application not found: ${uuid.slice(0, 100)}`);
    return row;
  }

  async function getVersion(account: string, application: string, uuid: string): Promise<VersionRow> {
    await get(account, application);
    const row = isUuid(uuid) ? await findVersion(db, account, application, uuid) : undefined;
    if (!row) throw notFound(`application version not found: ${uuid.slice(0, 100)}`);
    return row;
  }

  /** The artifact that a request names; 404 when the account does not have it. */
  async function named(account: string, request: ArtifactAssociationRequest): Promise<ImageRow | SourceRow> {
    const keys = request.artifact_keys;
    if (request.artifact_type === 'image') return images.get(account, key(keys, 'image_digest'));
    if (keys.uuid !== undefined) return sources.get(account, key(keys, 'uuid'));
    const name = {
      host: key(keys, 'host'),
      repository_name: key(keys, 'repository_name'),
      revision: key(keys, 'revision'),
    };
    const source = await sources.byName(account, name);
    if (!source) throw notFound(`source not found: ${name.host}/${name.repository_name} at ${name.revision}`);
    return source;
  }

  async function imageIfThere(account: string, digest: string): Promise<ImageRow | undefined> {
    try {
      return await images.get(account, digest);
    } catch (error) {
      if (error instanceof AppError && error.httpStatus === 404) return undefined;
      throw error;
    }
  }

  /** What a version is made of, oldest association first. */
  async function artifacts(account: string, version: VersionRow, types?: string[]): Promise<AssociatedArtifact[]> {
    const rows = (await listAssociations(db, account, version.uuid)).filter(
      (row) => !types || types.length === 0 || types.includes(row.artifact_type),
    );
    const uuids = rows.flatMap((row) => (row.artifact_type === 'source' ? row.artifact_id : []));
    const known = await sources.byUuid(account, uuids);
    const found: AssociatedArtifact[] = [];
    for (const association of rows) {
      const id = association.artifact_id;
      if (association.artifact_type === 'source') found.push({ type: 'source', association, source: known.get(id) });
      else found.push({ type: 'image', association, image: await imageIfThere(account, id) });
    }
    return found;
  }

  return {
    get,
    getVersion,
    artifacts,
    list: (account: string) => listApplications(db, account),

    async versions(account: string, application: string): Promise<VersionRow[]> {
      await get(account, application);
      return listVersions(db, account, application);
    },

    /** Versions of all applications, by application. */
    async allVersions(account: string): Promise<Map<string, VersionRow[]>> {
      return Map.groupBy(await listVersions(db, account), (row) => row.application);
    },

    async add(account: string, body: Application): Promise<ApplicationRow> {
      const name = nameOf('name', body.name);
      const row = await insertApplication(db, account, {
        uuid: randomUUID(),
        name,
        description: descriptionOf(body.description ?? ''),
      });
      if (!row) throw conflict(`an application of this name exists already: ${name}`);
      return row;
    },

    /** Replaces name and description; a field that is not given stays. */
    async update(account: string, uuid: string, body: Application): Promise<ApplicationRow> {
      const before = await get(account, uuid);
      const change = {
        name: body.name === undefined ? before.name : nameOf('name', body.name),
        description: body.description === undefined ? before.description : descriptionOf(body.description),
      };
      const row = await unlessTaken(updateApplication(db, account, uuid, change));
      if (row) return row;
      await get(account, uuid);
      throw conflict(`an application of this name exists already: ${change.name}`);
    },

    async remove(account: string, uuid: string): Promise<void> {
      await get(account, uuid);
      await deleteApplication(db, account, uuid);
    },

    async addVersion(account: string, application: string, body: ApplicationVersion): Promise<VersionRow> {
      await get(account, application);
      const name = nameOf('version_name', body.version_name);
      const row = await insertVersion(db, account, { uuid: randomUUID(), application, version_name: name });
      if (!row) throw conflict(`the application has a version of this name already: ${name}`);
      return row;
    },

    async updateVersion(account: string, application: string, uuid: string, body: ApplicationVersion) {
      const version = await getVersion(account, application, uuid);
      const name = nameOf('version_name', body.version_name);
      const row = await unlessTaken(renameVersion(db, account, version, name));
      if (row) return row;
      await getVersion(account, application, uuid);
      throw conflict(`the application has a version of this name already: ${name}`);
    },

    async removeVersion(account: string, application: string, uuid: string): Promise<void> {
      await deleteVersion(db, account, (await getVersion(account, application, uuid)).uuid);
    },

    /** Makes an artifact part of a version. One that is part of it already keeps its association. */
    async associate(
      account: string,
      application: string,
      version: string,
      request: ArtifactAssociationRequest,
    ): Promise<AssociatedArtifact> {
      const { uuid } = await getVersion(account, application, version);
      const artifact = await named(account, request);
      const isSource = 'uuid' in artifact;
      const association = await saveAssociation(db, account, {
        uuid: randomUUID(),
        version: uuid,
        artifact_type: request.artifact_type,
        artifact_id: isSource ? artifact.uuid : artifact.digest,
        source_name: isSource
          ? { host: artifact.host, repository_name: artifact.repository_name, revision: artifact.revision }
          : null,
      });
      return isSource
        ? { type: 'source', association, source: artifact }
        : { type: 'image', association, image: artifact };
    },

    async dissociate(account: string, application: string, version: string, association: string): Promise<void> {
      const { uuid } = await getVersion(account, application, version);
      if (!isUuid(association) || !(await deleteAssociation(db, account, uuid, association)))
        throw notFound(`artifact association not found: ${association.slice(0, 100)}`);
    },
  };
}

/** Two changes to the same name at once: the later one fails on the unique index. */
async function unlessTaken<T>(change: Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await change;
  } catch (error) {
    if ((error as { code?: unknown }).code === '23505') return undefined;
    throw error;
  }
}

function key(keys: Record<string, unknown>, name: string): string {
  const value = keys[name];
  if (typeof value !== 'string' || value === '')
    throw badRequest(`artifact_keys.${name} is required: image_digest, or uuid, or host, repository_name and revision`);
  return storableText(value);
}

function nameOf(field: string, text: string | undefined): string {
  const name = storableText(text ?? '').trim();
  if (name === '') throw badRequest(`'${field}' is a required property`);
  if (name.length > MAX_NAME) throw badRequest(`${field} is longer than ${MAX_NAME} characters`);
  return name;
}

function descriptionOf(text: string): string {
  if (text.length > MAX_DESCRIPTION) throw badRequest(`description is longer than ${MAX_DESCRIPTION} characters`);
  return storableText(text);
}
