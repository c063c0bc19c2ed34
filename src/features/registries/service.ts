import type { RegistryConfigurationRequest } from '#contract/registries.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { AppError, badRequest, conflict, notFound } from '#shared/errors.ts';
import { mostSpecificRegistry } from './match-registry.ts';
import {
  deleteRegistry,
  findRegistry,
  insertRegistry,
  listRegistries,
  type RegistryValues,
  updateRegistry,
} from './store.ts';

/** How to log in to a registry. */
export interface RegistryCredentials {
  username: string;
  password: string;
  /** False: self-signed certificates and plain HTTP are accepted. */
  verify: boolean;
}

export interface RegistryServiceDependencies {
  database: Database;
  /** `purpose` binds the ciphertext to its place. */
  encrypt(secret: string, purpose: string): string;
  decrypt(envelope: string, purpose: string): string;
  /** Logs in to the registry; throws an Error for people when that fails. */
  ping(registry: string, credentials: RegistryCredentials): Promise<void>;
}

export type RegistryService = ReturnType<typeof createRegistryService>;

const TYPES = new Set(['docker_v2', 'awsecr']);
/** What answers show instead of a secret, and what a client may send back unchanged. */
const MASK = /^\*+$/;

/** Registries of an account and the credentials for them. */
export function createRegistryService({ database, encrypt, decrypt, ping }: RegistryServiceDependencies) {
  const { db } = database;

  async function validate(registry: string, credentials: RegistryCredentials): Promise<void> {
    // A wildcard or a path has no endpoint of its own: the host is what can be asked.
    const host = registry.split('/', 1)[0]!.replace(/\*+$/, '');
    try {
      await ping(host, credentials);
    } catch (error) {
      throw new AppError(400, `cannot ping supplied registry with supplied credentials - ${(error as Error).message}`, {
        type: 'registry_not_accessible',
        detail: { error_codes: ['REGISTRY_NOT_ACCESSIBLE'] },
        cause: error,
      });
    }
  }

  const credentialsOf = (record: Awaited<ReturnType<typeof listRegistries>>[number]): RegistryCredentials => ({
    username: record.registry_user ?? '',
    password: record.registry_pass ? decrypt(record.registry_pass, purpose(record.account, record.registry)) : '',
    verify: record.registry_verify,
  });

  return {
    list: (account: string) => listRegistries(db, account),

    async get(account: string, registry: string) {
      const row = await findRegistry(db, account, registry);
      if (!row) throw notFound(`registry not found in DB: ${registry}`);
      return row;
    },

    async create(account: string, request: RegistryConfigurationRequest, options: { validate: boolean }) {
      const values = completeValues(request);
      const password = request.registry_pass ?? '';
      if (await findRegistry(db, account, values.registry)) throw conflict('registry already exists in DB');
      if (options.validate) {
        await validate(values.registry, { username: values.registry_user, password, verify: values.registry_verify });
      }
      const row = await insertRegistry(db, account, {
        ...values,
        registry_pass: password === '' ? null : encrypt(password, purpose(account, values.registry)),
      });
      if (!row) throw conflict('registry already exists in DB');
      return row;
    },

    async update(
      account: string,
      registry: string,
      request: RegistryConfigurationRequest,
      options: { validate: boolean },
    ) {
      const existing = await findRegistry(db, account, registry);
      if (!existing) throw notFound(`registry not found in DB: ${registry}`);
      if (request.registry !== undefined && request.registry !== registry) {
        throw conflict(`registry name in path (${registry}) differs from the one in the body (${request.registry})`);
      }
      const values = completeValues({ ...withoutNulls(existing), ...request, registry });
      // Absent, empty or masked: the stored password stays.
      const keep =
        request.registry_pass === undefined || request.registry_pass === '' || MASK.test(request.registry_pass);
      const password = keep
        ? existing.registry_pass
          ? decrypt(existing.registry_pass, purpose(account, registry))
          : ''
        : request.registry_pass!;
      if (options.validate) {
        await validate(registry, { username: values.registry_user, password, verify: values.registry_verify });
      }
      const row = await updateRegistry(db, account, registry, {
        ...values,
        ...(keep ? {} : { registry_pass: encrypt(password, purpose(account, registry)) }),
      });
      if (!row) throw notFound(`registry not found in DB: ${registry}`);
      return row;
    },

    async remove(account: string, registry: string) {
      if (!(await deleteRegistry(db, account, registry))) throw notFound(`registry not found in DB: ${registry}`);
    },

    /** Finds the credentials for any repository of an account, as {@link credentialsFor} does, with one look at the records. */
    async credentialLookup(
      tx: Db,
      account: string,
    ): Promise<(registry: string, repository: string) => RegistryCredentials | undefined> {
      const records = await listRegistries(tx, account);
      const opened = new Map<string, RegistryCredentials>();
      return (registry, repository) => {
        const record = mostSpecificRegistry(records, registry, repository);
        if (!record) return undefined;
        const known = opened.get(record.registry) ?? credentialsOf(record);
        opened.set(record.registry, known);
        return known;
      };
    },

    /** Credentials for a repository: those of the most specific record, undefined when none speaks for it. */
    async credentialsFor(
      tx: Db,
      account: string,
      registry: string,
      repository: string,
    ): Promise<RegistryCredentials | undefined> {
      const record = mostSpecificRegistry(await listRegistries(tx, account), registry, repository);
      return record && credentialsOf(record);
    },
  };
}

/** Place of a stored password. */
function purpose(account: string, registry: string): string {
  return `registry:${account}/${registry}`;
}

function withoutNulls(row: {
  registry_name: string | null;
  registry_type: string;
  registry_user: string | null;
  registry_verify: boolean;
}) {
  return {
    registry_name: row.registry_name ?? '',
    registry_type: row.registry_type,
    registry_user: row.registry_user ?? '',
    registry_verify: row.registry_verify,
  };
}

function completeValues(request: RegistryConfigurationRequest): Omit<RegistryValues, 'registry_pass'> {
  const { registry } = request;
  if (!registry) throw badRequest("'registry' is a required property");
  if (/^[a-z]+:\/\//i.test(registry)) throw badRequest(`registry must not have a scheme: ${registry}`);
  if (registry.endsWith('/')) throw badRequest(`registry must not end with '/': ${registry}`);
  if (!/^[A-Za-z0-9.\-_:[\]/]+\*?$/.test(registry))
    throw badRequest(`registry holds characters that a registry name cannot have: ${registry}`);
  const type = request.registry_type || 'docker_v2';
  if (!TYPES.has(type)) throw badRequest(`registry_type must be one of ${[...TYPES].join(', ')}, not ${type}`);
  return {
    registry,
    registry_name: request.registry_name || registry,
    registry_type: type,
    registry_user: request.registry_user ?? '',
    registry_verify: request.registry_verify ?? true,
  };
}
