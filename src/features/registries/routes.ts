import { registriesOperations } from '#contract/registries.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import { present } from '#shared/present.ts';
import type { RegistryService } from './service.ts';

type Row = Awaited<ReturnType<RegistryService['get']>>;

function view(row: Row) {
  return present({
    account_name: row.account,
    registry: row.registry,
    registry_name: row.registry_name,
    registry_type: row.registry_type,
    registry_user: row.registry_user,
    registry_verify: row.registry_verify,
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
  });
}

/** Handlers of the registry operations. Answers are arrays of one, as clients expect; the password is never among them. */
export function registryRoutes(registries: RegistryService) {
  return bindOperations(registriesOperations, {
    list_registries: async ({ account }) => (await registries.list(account)).map(view),
    create_registry: async ({ account, body, query }) => [
      view(await registries.create(account, body, { validate: query.validate ?? true })),
    ],
    get_registry: async ({ account, params }) => [view(await registries.get(account, params.registry))],
    update_registry: async ({ account, params, body, query }) => [
      view(await registries.update(account, params.registry, body, { validate: query.validate ?? true })),
    ],
    delete_registry: ({ account, params }) => registries.remove(account, params.registry),
  });
}
