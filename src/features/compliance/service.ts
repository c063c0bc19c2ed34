import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { ComplianceReadError, compareRuns, MEDIA_TYPES } from '#engine/compliance/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { BodyStream } from '#platform/http/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import { isUuid } from '#shared/uuid.ts';
import { readCheckForm } from './check-form.ts';
import { PARSE_JOB, type ParsePayload } from './parse-job.ts';
import type { ComplianceReader } from './reader.ts';
import { type ReceivedFile, receiveFile } from './receive-file.ts';
import { resultFile } from './result-file.ts';
import { findRules, outcomesOfCheck, rulesOfCheck } from './rule-store.ts';
import {
  type CheckFilter,
  type CheckRow,
  deleteCheck,
  type FileRow,
  filesOf,
  findCheck,
  findFile,
  insertCheck,
  listChecks,
  type StoredFile,
} from './store.ts';
import { localObject, openObject, putObject } from './stored-objects.ts';

export interface ComplianceDependencies {
  database: Database;
  objects: ObjectStore;
  jobs: Jobs;
  reader: ComplianceReader;
  /** Scratch space. */
  directory: string;
  /** Largest file that is taken. */
  maxFileBytes: number;
  /** What policies read about an image changed. */
  imageChanged(tx: Db, account: string, digest: string): Promise<void>;
}

export type ComplianceService = ReturnType<typeof createComplianceService>;

const FILES = ['result_file', 'report_file'] as const;
type FileName = (typeof FILES)[number];
/** Runtime compliance: takes result files, has them read, and answers what they say. */
export function createComplianceService(deps: ComplianceDependencies) {
  const { database, objects, jobs } = deps;
  const { db } = database;

  async function get(account: string, uuid: string): Promise<CheckRow> {
    const row = await findCheck(db, account, uuid);
    if (!row) throw notFound(`compliance check not found: ${uuid}`);
    return row;
  }

  async function parsed(account: string, uuid: string): Promise<CheckRow> {
    const row = await get(account, uuid);
    if (row.state === 'pending') throw conflict(`compliance check ${uuid} has not been read yet`);
    if (row.state !== 'parsed') throw conflict(`compliance check ${uuid} has no results: ${row.error ?? row.state}`);
    return row;
  }

  /** Takes all parts of the body; the files lie in local files afterwards. */
  async function receive(stream: BodyStream, files: Map<FileName, ReceivedFile>): Promise<[string, string][]> {
    const fields: [string, string][] = [];
    for await (const part of stream.parts()) {
      if (!part.file) {
        fields.push([part.name, part.value ?? '']);
        continue;
      }
      const name = FILES.find((known) => known === part.name);
      // A form sends an empty part without a name for a file that nobody chose.
      if (!name) {
        part.file.resume();
        continue;
      }
      if (files.has(name)) throw badRequest(`'${name}' was sent twice`);
      const { contentType, filename } = part;
      const file = await receiveFile(
        { name, file: part.file, ...(contentType ? { contentType } : {}) },
        { directory: deps.directory, maxBytes: deps.maxFileBytes },
      );
      if (file.size === 0 && !filename) {
        await file.dispose();
        continue;
      }
      files.set(name, file);
      if (file.size === 0) throw badRequest(`'${name}' is empty`);
      if (file.kind !== 'xml' && file.kind !== 'html') throw badRequest(`'${name}' is neither XML nor HTML`);
    }
    return fields;
  }

  return {
    /** Stores an upload; its result file is read by a job. */
    async add(account: string, createdBy: string, stream: BodyStream): Promise<[CheckRow, FileRow[]]> {
      const files = new Map<FileName, ReceivedFile>();
      try {
        const form = readCheckForm(await receive(stream, files));
        const uuid = randomUUID();
        const stored: StoredFile[] = [];
        for (const [name, file] of files) {
          const mediaType = MEDIA_TYPES[file.kind as 'xml' | 'html'];
          const { size, sha256 } = file;
          stored.push({ uuid: randomUUID(), name, mediaType, size, sha256, objectKey: await putObject(objects, file) });
        }
        const readable = [...files.values()].some(({ kind }) => kind === 'xml');
        await database.transaction(async (tx) => {
          await insertCheck(tx, account, { uuid, form, createdBy, state: readable ? 'pending' : 'no-results' }, stored);
          if (readable) await jobs.send<ParsePayload>(tx, PARSE_JOB, { account, uuid }, { key: uuid });
        });
        return [await get(account, uuid), await filesOf(db, account, [uuid])];
      } finally {
        for (const file of files.values()) await file.dispose();
      }
    },

    async list(account: string, filter: CheckFilter, page: { page: number; limit: number }) {
      const { rows, total } = await listChecks(db, account, filter, page);
      const uuids = rows.map(({ uuid }) => uuid);
      return { rows, total, files: await filesOf(db, account, uuids) };
    },

    async get(account: string, uuid: string): Promise<[CheckRow, FileRow[]]> {
      return [await get(account, uuid), await filesOf(db, account, [uuid])];
    },

    async remove(account: string, uuid: string): Promise<void> {
      const files = await filesOf(db, account, [uuid]);
      await database.transaction(async (tx) => {
        const deleted = await deleteCheck(tx, account, uuid);
        if (!deleted) throw notFound(`compliance check not found: ${uuid}`);
        await deps.imageChanged(tx, account, deleted.image_digest);
      });
      for (const { object_key: key } of files) await objects.delete(key);
    },

    /** Rules of a check; none as long as it has not been read. */
    async rules(
      account: string,
      uuid: string,
      filter: Parameters<typeof rulesOfCheck>[3],
      page: { page: number; limit: number },
    ) {
      await get(account, uuid);
      return rulesOfCheck(db, account, uuid, filter, page);
    },

    findRules: (account: string, filter: Parameters<typeof findRules>[2], page: { page: number; limit: number }) =>
      findRules(db, account, filter, page),

    /** What changed from one check to another; 409 unless both have been read. */
    async compare(account: string, beforeUuid: string, afterUuid: string) {
      const [before, after] = [await parsed(account, beforeUuid), await parsed(account, afterUuid)];
      const differences = compareRuns(
        await outcomesOfCheck(db, account, before.uuid),
        await outcomesOfCheck(db, account, after.uuid),
      );
      return { before, after, files: await filesOf(db, account, [before.uuid, after.uuid]), differences };
    },

    /** The results of a check as HDF text; 409 unless it has been read. */
    async hdf(account: string, uuid: string, signal: AbortSignal): Promise<string> {
      await parsed(account, uuid);
      const file = resultFile(await filesOf(db, account, [uuid]));
      if (!file) throw notFound(`the result file of compliance check ${uuid} is gone`);
      const copy = await localObject(objects, file.object_key, deps.directory);
      try {
        return await deps.reader.convert(copy.path, signal);
      } catch (error) {
        if (error instanceof ComplianceReadError) throw conflict(error.message);
        throw error;
      } finally {
        await copy.dispose();
      }
    },

    /** A file as it was uploaded; 404 for one of another account. */
    async file(account: string, uuid: string): Promise<{ row: FileRow; bytes: Readable }> {
      const row = isUuid(uuid) ? await findFile(db, account, uuid) : undefined;
      const bytes = row ? await openObject(objects, row.object_key) : undefined;
      if (!row || !bytes) throw notFound(`compliance file not found: ${uuid}`);
      return { row, bytes };
    },
  };
}
