import type { Command } from 'commander';
import { type RegistryConfiguration, registriesOperations } from '#contract/registries.ts';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { readSecret } from '../read-secret.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<RegistryConfiguration>[] = [
  { title: 'registry', value: (row) => row.registry },
  { title: 'name', value: (row) => row.registry_name },
  { title: 'type', value: (row) => row.registry_type, keep: true },
  { title: 'user', value: (row) => row.registry_user },
  { title: 'tls verified', value: (row) => row.registry_verify, keep: true },
];

interface RegistryOptions extends ServerOptions {
  registryUser?: string;
  registryPassword?: string;
  name?: string;
  type?: string;
  insecure?: boolean;
  validate: boolean;
}

/** `windlass registry …` */
export function defineRegistry(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'list', 'List registries with credentials', [
    'windlass registry list',
    'passwords are never shown',
  ]).action(async (options: ServerOptions) => {
    const rows = await connect(cli, options).call(registriesOperations.list_registries);
    await show(cli, options.output, {
      data: rows,
      rows,
      columns: COLUMNS,
      id: (row) => row.registry,
      empty: 'No registries.',
    });
  });

  credentialOptions(
    serverCommand(
      noun,
      'add <registry>',
      'Store credentials of a registry, or of a part of it',
      [
        'windlass registry add registry.example.com --registry-user ci --registry-password -',
        'password from standard input',
      ],
      [
        'windlass registry add registry.example.com/team/* --registry-user ci --registry-password …',
        'for some repositories',
      ],
      ['windlass registry add localhost:5000 --insecure', 'no log-in, any certificate, plain http'],
    ),
  ).action(async (registry: string, options: RegistryOptions) => {
    const body = {
      registry,
      registry_type: options.type ?? 'docker_v2',
      registry_verify: !options.insecure,
      ...(await requestBody(cli, options)),
    };
    const rows = await connect(cli, options).call(registriesOperations.create_registry, {
      query: { validate: options.validate },
      body,
    });
    await show(cli, options.output, { data: rows, rows, columns: COLUMNS, id: (row) => row.registry });
  });

  credentialOptions(
    serverCommand(noun, 'update <registry>', 'Replace credentials of a registry', [
      'windlass registry update registry.example.com --registry-user ci --registry-password -',
      'a new password',
    ]),
  )
    .option('--secure', 'verify certificates again')
    .action(async (registry: string, options: RegistryOptions & { secure?: boolean }) => {
      const client = connect(cli, options);
      const [known] = await client.call(registriesOperations.get_registry, { params: { registry } });
      const { registry_type: type, registry_verify: verify, registry_user: user, registry_name: name } = known ?? {};
      const body = {
        registry,
        ...(user === undefined ? {} : { registry_user: user }),
        ...(name === undefined ? {} : { registry_name: name }),
        registry_type: options.type ?? type ?? 'docker_v2',
        registry_verify: options.insecure ? false : options.secure ? true : (verify ?? true),
        ...(await requestBody(cli, options)),
      };
      const rows = await client.call(registriesOperations.update_registry, {
        params: { registry },
        query: { validate: options.validate },
        body,
      });
      await show(cli, options.output, { data: rows, rows, columns: COLUMNS, id: (row) => row.registry });
    });

  serverCommand(noun, 'delete <registry>', 'Forget credentials of a registry', [
    'windlass registry delete registry.example.com',
    'images stay',
  ]).action(async (registry: string, options: ServerOptions) => {
    await connect(cli, options).call(registriesOperations.delete_registry, { params: { registry } });
    await showOne(cli, options.output, {
      data: { registry, deleted: true },
      id: registry,
      fields: [['Deleted', registry]],
    });
  });
}

function credentialOptions(command: Command): Command {
  return command
    .option('--registry-user <name>', 'user at the registry')
    .option('--registry-password <password>', 'its password or token; "-" reads it from standard input')
    .option('--name <name>', 'name for people')
    .option('--type <type>', 'docker_v2 or awsecr')
    .option('--insecure', 'accept any certificate, and plain http')
    .option('--no-validate', 'store without trying to log in');
}

async function requestBody(
  cli: CliContext,
  { registryUser, registryPassword, name }: RegistryOptions,
): Promise<Record<string, string>> {
  if (registryUser !== undefined && registryPassword === undefined)
    throw usageFailure('--registry-user needs --registry-password', 'Use "-" to read it from standard input.');
  const password = registryPassword === '-' ? await readSecret(cli) : registryPassword;
  return {
    ...(registryUser === undefined ? {} : { registry_user: registryUser }),
    ...(password === undefined ? {} : { registry_pass: password }),
    ...(name === undefined ? {} : { registry_name: name }),
  };
}
