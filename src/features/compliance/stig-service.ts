import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { ComplianceReadError } from '#engine/compliance/index.ts';
import type { Db } from '#platform/database/types.ts';
import type { BodyStream } from '#platform/http/types.ts';
import { AppError, badRequest, notFound } from '#shared/errors.ts';
import { type ReceivedFile, receiveFile } from './receive-file.ts';
import type { ComplianceDependencies } from './service.ts';
import {
  deleteStig,
  findStig,
  hasImage,
  insertStig,
  listStigs,
  type NewStig,
  replaceStig,
  type StigRow,
} from './stig-store.ts';
import { openObject, putObject } from './stored-objects.ts';

const MAX_PROFILE = 500;
/** Types under which programs send JSON; curl does not know the ending `.json`. */
const JSON_TYPES = /^(?:application\/(?:json|octet-stream|[\w.-]+\+json)|text\/(?:json|plain))$/;

export type StigService = ReturnType<typeof createStigService>;

/** STIG evaluations of images: HDF documents that are checked, stored and given back byte by byte. */
export function createStigService(deps: Omit<ComplianceDependencies, 'jobs'>) {
  const { database, objects } = deps;
  const { db } = database;

  async function requireImage(on: Db, account: string, digest: string): Promise<void> {
    if (!(await hasImage(on, account, digest)))
      throw notFound(`image not found: ${digest}`, { error_codes: ['IMAGE_NOT_FOUND'] });
  }

  function missing(uuid: string): AppError {
    return notFound(`STIG evaluation not found: ${uuid}`);
  }

  async function receive(stream: BodyStream): Promise<{ file: ReceivedFile; profile?: string }> {
    let [file, profile]: [ReceivedFile | undefined, string | undefined] = [undefined, undefined];
    try {
      for await (const part of stream.parts()) {
        if (part.name === 'stig_profile' && part.value !== undefined) profile = part.value.trim();
        else if (part.name === 'file' && part.value !== undefined) {
          throw badRequest("'file' must be sent as a file with a name");
        } else if (part.file && part.name === 'file') {
          if (file) throw badRequest("'file' was sent twice");
          const type = part.contentType?.toLowerCase().split(';')[0]?.trim();
          if (type && !JSON_TYPES.test(type))
            throw new AppError(415, `Unsupported Media Type: 'file' is ${type}, expected application/json`);
          file = await receiveFile(
            { name: 'file', file: part.file },
            { directory: deps.directory, maxBytes: deps.maxFileBytes },
          );
        } else part.file?.resume();
      }
      if (!file) throw badRequest("'file' is a required property");
      if (profile !== undefined && profile.length > MAX_PROFILE)
        throw badRequest(`'stig_profile' is longer than ${MAX_PROFILE} characters`);
      return { file, ...(profile ? { profile } : {}) };
    } catch (error) {
      await file?.dispose();
      throw error;
    }
  }

  /** Takes the body of a request, checks its document and stores it, then does `write` in a transaction. */
  async function store(
    request: {
      account: string;
      digest: string;
      username: string;
      stream: BodyStream;
      signal: AbortSignal;
      /** Name when the form has none. */
      formerProfile?: string;
    },
    write: (tx: Db, stig: NewStig) => Promise<StigRow>,
  ): Promise<StigRow> {
    const { account, digest } = request;
    await requireImage(db, account, digest);
    const { file, profile } = await receive(request.stream);
    let objectKey: string | undefined;
    try {
      const summary = await deps.reader.checkHdf(file.path, request.signal);
      objectKey = await putObject(objects, file);
      const stig: NewStig = {
        // Without a name of its own the evaluation goes by that of the profile which was run.
        profile: profile ?? request.formerProfile ?? summary.profile ?? 'unknown',
        objectKey,
        size: file.size,
        sha256: file.sha256,
        summary,
        uploadedBy: request.username,
      };
      return await database.transaction(async (tx) => {
        await requireImage(tx, account, digest);
        const row = await write(tx, stig);
        await deps.imageChanged(tx, account, digest);
        return row;
      });
    } catch (error) {
      if (objectKey) await objects.delete(objectKey);
      if (error instanceof ComplianceReadError) throw badRequest(error.message);
      throw error;
    } finally {
      await file.dispose();
    }
  }

  type StoreRequest = Parameters<typeof store>[0];

  return {
    /** Evaluations of an image, newest first. */
    async list(account: string, digest: string): Promise<StigRow[]> {
      await requireImage(db, account, digest);
      return listStigs(db, account, digest);
    },

    add: (request: StoreRequest): Promise<StigRow> =>
      store(request, (tx, stig) => insertStig(tx, request.account, request.digest, randomUUID(), stig)),

    async replace(uuid: string, request: StoreRequest): Promise<StigRow> {
      const { account, digest } = request;
      const known = await findStig(db, account, digest, uuid);
      if (!known) {
        await requireImage(db, account, digest);
        throw missing(uuid);
      }
      const row = await store({ ...request, formerProfile: known.stig_profile }, async (tx, stig) => {
        const replaced = await replaceStig(tx, account, digest, uuid, stig);
        if (!replaced) throw missing(uuid);
        return replaced;
      });
      await objects.delete(known.object_key);
      return row;
    },

    async remove(account: string, digest: string, uuid: string): Promise<void> {
      const { object_key: key } = await database.transaction(async (tx) => {
        await requireImage(tx, account, digest);
        const deleted = await deleteStig(tx, account, digest, uuid);
        if (!deleted) throw missing(uuid);
        await deps.imageChanged(tx, account, digest);
        return deleted;
      });
      await objects.delete(key);
    },

    /** The document as it was uploaded. */
    async file(account: string, digest: string, uuid: string): Promise<Readable> {
      await requireImage(db, account, digest);
      const row = await findStig(db, account, digest, uuid);
      const bytes = row ? await openObject(objects, row.object_key) : undefined;
      if (!bytes) throw missing(uuid);
      return bytes;
    },
  };
}
