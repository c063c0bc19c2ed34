import { configurationsOperations } from '#contract/configurations.ts';
import { type ServiceVersion, systemOperations } from '#contract/system.ts';
import { usageOperations } from '#contract/usage.ts';
import type { Db } from '#platform/database/types.ts';
import { type BoundOperation, bindOperations } from '#platform/http/index.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import type { ConfigurationService } from './configuration-service.ts';
import { listDeployments } from './deployments.ts';
import { ERROR_CODES } from './error-codes.ts';
import type { LogLevels } from './log-levels.ts';
import { presentService, stateAt } from './service-state.ts';
import { deleteService, listServices } from './service-store.ts';
import type { Statistics } from './statistics.ts';
import { API_VERSION, COMPATIBLE_VERSION, type Versions } from './versions.ts';

/** What the routes need. */
export interface SystemRouteOptions {
  db: Db;
  versions: Versions;
  levels: LogLevels;
  statistics: Statistics;
  configurations: ConfigurationService;
}

/** Routes about the installation: state, services, versions, log levels. */
export function systemRoutes({ db, versions, levels }: SystemRouteOptions): BoundOperation[] {
  async function services(filter: { name?: string; host?: string } = {}): Promise<ReturnType<typeof presentService>[]> {
    return (await listServices(db, filter)).map((row) => presentService(row, versions.schema));
  }

  return bindOperations(systemOperations, {
    ping: () => 'v2',
    health_check: () => undefined,
    version_check() {
      // "windlass" is an addition of this product: its own version.
      const version: ServiceVersion & { windlass: { version: string } } = {
        service: { version: COMPATIBLE_VERSION },
        api: { version: API_VERSION },
        db: { schema_version: versions.schema },
        windlass: { version: versions.program },
      };
      return version;
    },
    get_status: () => ({
      available: true,
      busy: false,
      up: true,
      message: 'all good',
      version: COMPATIBLE_VERSION,
      db_version: versions.schema,
      detail: { program_version: versions.program },
    }),
    get_service_detail: async () => ({ service_states: await services() }),
    list_services: () => services(),
    get_services_by_name: ({ params }) => services({ name: params.service_name }),
    async get_services_by_name_and_host({ params }) {
      const found = await services({ name: params.service_name, host: params.host_id });
      if (found.length === 0) throw unknownService(params);
      return found;
    },
    async delete_service({ params }) {
      const [row] = await listServices(db, { name: params.service_name, host: params.host_id });
      if (!row) throw unknownService(params);
      if (stateAt(row.age_seconds) === 'available') {
        throw conflict(`Service ${params.service_name} on ${params.host_id} is alive and cannot be removed`);
      }
      await deleteService(db, params.service_name, params.host_id);
    },
    get_anchorectl({ query }) {
      throw notFound(`No client for ${query.operating_system} ${query.architecture} is shipped with this server`);
    },
    describe_error_codes: () => [...ERROR_CODES],
    set_new_log_level: ({ body }) => levels.set(body),
  });
}

/** Routes about what the installation holds and ran. */
export function usageRoutes({ db, statistics }: SystemRouteOptions): BoundOperation[] {
  return bindOperations(usageOperations, {
    get_deployment_history: async () => ({ items: await listDeployments(db) }),
    get_system_statistics: async () => ({ items: await statistics.list() }),
    get_resource_limits: async () => ({ items: await statistics.limits() }),
  });
}

/** Routes of the settings. */
export function configurationRoutes({ configurations }: SystemRouteOptions): BoundOperation[] {
  return bindOperations(configurationsOperations, {
    get_configuration_schema: () => configurations.schema(),
    list_configurations: () => ({ items: configurations.list() }),
    get_configuration: ({ params }) => configurations.get(params.config_key),
    async put_configuration({ actor, params, body }) {
      configurations.get(params.config_key);
      if (body.key !== params.config_key) throw badRequest('key differs from the key in the path');
      const [changed] = await configurations.change([body], actor.username);
      return changed ?? configurations.get(params.config_key);
    },
    patch_configuration: async ({ actor, body }) => ({ items: await configurations.change(body, actor.username) }),
    delete_configuration: ({ actor, params }) => configurations.reset(params.config_key, actor.username),
  });
}

function unknownService(params: { service_name: string; host_id: string }): Error {
  return notFound(`Service not found. Name=${params.service_name} Host=${params.host_id}`);
}
