import type { Command } from 'commander';
import type { Client } from '#client/index.ts';
import { samlOperations } from '#contract/saml.ts';
import { type OidcProvider, windlassSsoOperations } from '#contract/windlass-sso.ts';
import type { CliContext } from '../context.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';
import { defineGroupMappings } from './sso/group-mappings.ts';
import { defineSamlKeys } from './sso/keys.ts';
import { findProvider, type Provider, providers } from './sso/provider.ts';
import {
  mappingOptions,
  type OidcOptions,
  oidcSettings,
  type SamlOptions,
  samlSettings,
  statedMapping,
} from './sso/provider-options.ts';

const COLUMNS: Column<Provider>[] = [
  { title: 'name', value: ({ settings }) => settings.name, keep: true },
  { title: 'kind', value: ({ kind }) => kind, keep: true },
  { title: 'enabled', value: ({ settings }) => String(settings.enabled), keep: true },
  { title: 'account', value: ({ settings }) => settings.default_account ?? from(settings.idp_account_attribute) },
  { title: 'role', value: ({ settings }) => settings.default_role ?? from(settings.idp_role_attribute) },
  { title: 'address', value: addressOf },
];

/** `windlass sso …`: identity providers. */
export function defineSso(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'list', 'List identity providers', ['windlass sso list', 'of SAML and of OpenID Connect']).action(
    async (options: ServerOptions) => {
      const rows = await providers(connect(cli, options));
      await show(cli, options.output, {
        data: rows,
        rows,
        columns: COLUMNS,
        id: ({ settings }) => settings.name,
        empty: 'There are no identity providers.',
      });
    },
  );

  serverCommand(noun, 'get <name>', 'Show an identity provider', ['windlass sso get corp', 'all its settings']).action(
    async (name: string, options: ServerOptions) => {
      await showProvider(cli, options, await findProvider(connect(cli, options), name));
    },
  );

  samlFlags(
    serverCommand(
      noun,
      'add-saml <name>',
      'Add a SAML 2.0 identity provider',
      [
        'windlass sso add-saml corp --metadata https://idp.example.org/metadata --server https://windlass.example.org --default-account people --default-role read-only',
        'its metadata is fetched now, and again every day',
      ],
      [
        'windlass sso add-saml corp --metadata idp.xml --server https://windlass.example.org --account-attribute team --role-attribute role',
        'metadata from a file; accounts and roles from attributes',
      ],
    ),
  ).action(async (name: string, options: SamlOptions) => {
    const client = connect(cli, options);
    const body = {
      ...(await samlSettings(name, options)),
      ...statedMapping(options),
      name,
      enabled: options.enabled ?? true,
    };
    await client.call(samlOperations.add_idp, { body: body as never });
    await showProvider(cli, options, await findProvider(client, name));
  });

  oidcFlags(
    serverCommand(noun, 'add-oidc <name>', 'Add an OpenID Connect provider', [
      'windlass sso add-oidc op --issuer https://op.example.org --client-id windlass --client-secret - --server https://windlass.example.org --default-account people < secret.txt',
      'the secret from standard input',
    ]),
  ).action(async (name: string, options: OidcOptions) => {
    const client = connect(cli, options);
    const settings = await oidcSettings(cli, name, options);
    const body = { ...settings, ...statedMapping(options), name, enabled: options.enabled ?? true };
    await client.call(windlassSsoOperations.create_oidc_provider, { body: body as never });
    await showProvider(cli, options, await findProvider(client, name));
  });

  const update = serverCommand(
    noun,
    'update <name>',
    'Change settings of an identity provider; those that are not named stay',
    ['windlass sso update corp --disable', 'nobody signs in through it any more'],
    ['windlass sso update corp --groups-attribute memberOf --default-role ""', 'an empty value takes a setting away'],
    ['windlass sso update op --client-secret - < secret.txt', 'a new secret'],
  );
  oidcFlags(samlFlags(update)).action(async (name: string, options: SamlOptions & OidcOptions) => {
    const client = connect(cli, options);
    const before = await findProvider(client, name);
    await change(client, before, {
      ...(before.kind === 'saml'
        ? await samlSettings(name, options, before.settings)
        : await oidcSettings(cli, name, options, before.settings)),
      ...statedMapping(options),
      ...(options.enabled === undefined ? {} : { enabled: options.enabled }),
    });
    await showProvider(cli, options, await findProvider(client, name));
  });

  serverCommand(noun, 'delete <name>', 'Remove an identity provider and all its users', [
    'windlass sso delete corp',
    'with their keys, tokens and sessions',
  ]).action(async (name: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const { kind } = await findProvider(client, name);
    if (kind === 'saml') await client.call(samlOperations.delete_idp, { params: { name } });
    else await client.call(windlassSsoOperations.delete_oidc_provider, { params: { name } });
    await showOne(cli, options.output, { data: { name, deleted: true }, id: name, fields: [['Deleted', name]] });
  });

  serverCommand(noun, 'metadata <name>', 'Print the SAML metadata of this server, to be registered at the provider', [
    'windlass sso metadata corp > windlass.xml',
    'addresses and keys',
  ]).action(async (name: string, options: ServerOptions) => {
    const response = await connect(cli, options).call(windlassSsoOperations.get_saml_sp_metadata, { params: { name } });
    await cli.stdout.write(await response.text());
  });

  defineGroupMappings(noun, cli);
  defineSamlKeys(noun, cli);
}

function samlFlags(command: Command): Command {
  return mappingOptions(command)
    .option('--metadata <file|url>', 'metadata of the provider')
    .option('--entity-id <id>', 'what this server is called at the provider (default: the address of its metadata)')
    .option('--acs-url <url>', 'where the provider sends responses (default: made of --server)')
    .option('--sign-requests', 'sign login requests (default: where the metadata of the provider wants it)')
    .option('--no-sign-requests', 'never sign login requests')
    .option('--signed-assertions', 'want a signature of each assertion (default)')
    .option('--no-signed-assertions', 'take assertions without a signature of their own in a signed response')
    .option('--signed-response', 'want a signature of the response (default)')
    .option('--no-signed-response', 'take responses without a signature around a signed assertion');
}

function oidcFlags(command: Command): Command {
  const known = new Set(command.options.map((option) => option.long));
  return (known.has('--server') ? command : mappingOptions(command))
    .option('--issuer <url>', 'issuer of the provider')
    .option('--client-id <id>', 'what this server is called at the provider')
    .option('--client-secret <secret>', 'secret shared with the provider; "-" reads it from standard input')
    .option('--redirect-uri <url>', 'where the provider sends browsers back (default: made of --server)')
    .option('--logout-uri <url>', 'where the provider sends browsers after a sign-out');
}

/** Sends back what was read with the changes. */
async function change(client: Client, { kind, settings }: Provider, changes: object): Promise<void> {
  const { created_at: _, last_updated: __, ...kept } = settings;
  const merged: Record<string, unknown> = { ...kept, ...changes };
  delete merged.user_groups;
  const body = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)) as never;
  const params = { name: settings.name };
  if (kind === 'saml') await client.call(samlOperations.update_idp, { params, body });
  else await client.call(windlassSsoOperations.update_oidc_provider, { params, body });
}

async function showProvider(cli: CliContext, { output }: ServerOptions, provider: Provider): Promise<void> {
  const { kind, settings } = provider;
  const shown = Object.entries(settings).filter(([key]) => !['name', 'enabled', 'idp_metadata_xml'].includes(key));
  await showOne(cli, output, {
    data: { kind, ...settings },
    id: settings.name,
    fields: [
      ['Name', settings.name],
      ['Kind', kind],
      ['Enabled', settings.enabled],
      ...shown.map(([key, value]) => [key, textOf(value)] as const),
    ],
  });
}

function textOf(value: unknown): string | number | boolean | undefined {
  if (Array.isArray(value))
    return value.map((one) => (typeof one === 'object' ? JSON.stringify(one) : String(one))).join(' ');
  return value as string | number | boolean | undefined;
}

function addressOf({ kind, settings }: Provider): string | undefined {
  return kind === 'oidc' ? (settings as OidcProvider).issuer : (settings.idp_metadata_url ?? settings.sp_entity_id);
}

function from(attribute: string | undefined): string | undefined {
  return attribute === undefined ? undefined : `from ${attribute}`;
}
