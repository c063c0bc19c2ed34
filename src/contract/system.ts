import { z } from 'zod';
import { defineOperation } from './operation.ts';

/** Answer of `get_status`. */
export const StatusResponse = z
  .object({
    available: z.boolean().optional(),
    busy: z.boolean().optional(),
    up: z.boolean().optional(),
    message: z.string().optional(),
    version: z.string().optional(),
    db_version: z.string().optional(),
    detail: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'StatusResponse' });
export type StatusResponse = z.output<typeof StatusResponse>;

/** One service of the installation on one host. */
export const Service = z
  .object({
    host_id: z.string().optional(),
    service_name: z.string().optional(),
    base_url: z.string().optional(),
    status_message: z.string().optional(),
    service_detail: StatusResponse.optional(),
    status: z.boolean().optional(),
    version: z.string().optional(),
  })
  .meta({ id: 'Service' });
export type Service = z.output<typeof Service>;

/** Answer of `list_services`, `get_services_by_name_and_host`, `get_services_by_name`. */
export const ServiceList = z.array(Service).meta({ id: 'ServiceList' });
export type ServiceList = z.output<typeof ServiceList>;

/** Answer of `get_service_detail`. */
export const SystemStatusResponse = z
  .object({
    service_states: ServiceList.optional(),
  })
  .meta({ id: 'SystemStatusResponse' });
export type SystemStatusResponse = z.output<typeof SystemStatusResponse>;

/** Answer of `describe_error_codes`. */
export const AnchoreErrorCode = z
  .object({
    name: z.string().optional(),
    description: z.string().optional(),
  })
  .meta({ id: 'AnchoreErrorCode' });
export type AnchoreErrorCode = z.output<typeof AnchoreErrorCode>;

/** Body of `set_new_log_level`. */
export const LoggingLevel = z
  .object({
    service_name: z.enum([
      'all',
      'analyzer',
      'api',
      'catalog',
      'notifications',
      'reports',
      'reports_worker',
      'simplequeue',
      'policy_engine',
    ]),
    logging_level: z.enum(['default', 'trace', 'debug', 'info', 'warning', 'error', 'critical']),
  })
  .meta({ id: 'LoggingLevel' });
export type LoggingLevel = z.output<typeof LoggingLevel>;

/** Answer of `set_new_log_level`. */
export const LoggingLevelResponse = z.array(LoggingLevel).meta({ id: 'LoggingLevelResponse' });
export type LoggingLevelResponse = z.output<typeof LoggingLevelResponse>;

/** Answer of `version_check`. */
export const ServiceVersion = z
  .object({
    service: z
      .object({
        version: z.string().optional(),
      })
      .optional(),
    api: z
      .object({
        version: z.string().optional(),
      })
      .optional(),
    db: z
      .object({
        schema_version: z.string().optional(),
      })
      .optional(),
  })
  .meta({ id: 'ServiceVersion' });
export type ServiceVersion = z.output<typeof ServiceVersion>;

/** Operations of system. */
export const systemOperations = {
  /** Name the API version of the server. */
  ping: defineOperation({
    id: 'ping',
    method: 'GET',
    path: '/',
    tag: 'System',
    summary: 'Name the API version of the server',
    permission: 'anonymous',
    success: { status: 200, schema: z.string() },
    errors: [],
  }),
  /** Answer when the process is alive. */
  health_check: defineOperation({
    id: 'health_check',
    method: 'GET',
    path: '/health',
    tag: 'System',
    summary: 'Answer when the process is alive',
    permission: 'anonymous',
    success: { status: 200, schema: null },
    errors: [403, 500],
  }),
  /** Report the state of the answering service. */
  get_status: defineOperation({
    id: 'get_status',
    method: 'GET',
    path: '/status',
    tag: 'System',
    summary: 'Report the state of the answering service',
    permission: 'authenticated',
    success: { status: 200, schema: StatusResponse },
    errors: [500],
  }),
  /** List every service with its state. */
  get_service_detail: defineOperation({
    id: 'get_service_detail',
    method: 'GET',
    path: '/system',
    tag: 'System',
    summary: 'List every service with its state',
    permission: 'authenticated',
    success: { status: 200, schema: SystemStatusResponse },
    errors: [500],
  }),
  /** Download the command line client for a platform, when the installation ships it. */
  get_anchorectl: defineOperation({
    id: 'get_anchorectl',
    method: 'GET',
    path: '/system/anchorectl',
    tag: 'System',
    summary: 'Download the command line client for a platform, when the installation ships it',
    permission: 'authenticated',
    query: z.object({
      operating_system: z.enum(['linux', 'darwin', 'windows']),
      architecture: z.enum(['amd64', 'arm64']),
    }),
    success: { status: 200, schema: null },
    errors: [400, 404, 500],
  }),
  /** List the error codes that answers may carry. */
  describe_error_codes: defineOperation({
    id: 'describe_error_codes',
    method: 'GET',
    path: '/system/error-codes',
    tag: 'System',
    summary: 'List the error codes that answers may carry',
    permission: 'authenticated',
    success: { status: 200, schema: z.array(AnchoreErrorCode) },
    errors: [500],
  }),
  /** Change the log level until the next restart. */
  set_new_log_level: defineOperation({
    id: 'set_new_log_level',
    method: 'POST',
    path: '/system/logging',
    tag: 'System',
    summary: 'Change the log level until the next restart',
    permission: { action: 'updateLoggingLevel', domain: 'system' },
    body: LoggingLevel,
    success: { status: 200, schema: LoggingLevelResponse },
    errors: [400, 403, 415, 500],
  }),
  /** List services. */
  list_services: defineOperation({
    id: 'list_services',
    method: 'GET',
    path: '/system/services',
    tag: 'System',
    summary: 'List services',
    permission: { action: 'listServices', domain: 'system' },
    success: { status: 200, schema: ServiceList },
    errors: [403, 500],
  }),
  /** Find a service by name and host. */
  get_services_by_name_and_host: defineOperation({
    id: 'get_services_by_name_and_host',
    method: 'GET',
    path: '/system/services/{service_name}/{host_id}',
    tag: 'System',
    summary: 'Find a service by name and host',
    permission: { action: 'getService', domain: 'system' },
    params: z.object({ service_name: z.string(), host_id: z.string() }),
    success: { status: 200, schema: ServiceList },
    errors: [403, 404, 500],
  }),
  /** Forget a service that is down. */
  delete_service: defineOperation({
    id: 'delete_service',
    method: 'DELETE',
    path: '/system/services/{service_name}/{host_id}',
    tag: 'System',
    summary: 'Forget a service that is down',
    permission: { action: 'deleteService', domain: 'system' },
    params: z.object({ service_name: z.string(), host_id: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 404, 500],
  }),
  /** List the services of one name. */
  get_services_by_name: defineOperation({
    id: 'get_services_by_name',
    method: 'GET',
    path: '/system/services/{service_name}',
    tag: 'System',
    summary: 'List the services of one name',
    permission: { action: 'getService', domain: 'system' },
    params: z.object({ service_name: z.string() }),
    success: { status: 200, schema: ServiceList },
    errors: [403, 500],
  }),
  /** Report service, API and database versions. */
  version_check: defineOperation({
    id: 'version_check',
    method: 'GET',
    path: '/version',
    tag: 'System',
    summary: 'Report service, API and database versions',
    permission: 'anonymous',
    success: { status: 200, schema: ServiceVersion },
    errors: [500],
  }),
};
