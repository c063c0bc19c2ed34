import type { Command } from 'commander';
import { applicationsOperations } from '#contract/applications.ts';
import type { Application, ApplicationVersion } from '#contract/applications-schemas.ts';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { type Format, show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';
import { defineArtifacts } from './applications/artifacts.ts';
import { resolveApplication, resolveVersion } from './applications/resolve.ts';

const COLUMNS: Column<Application>[] = [
  { title: 'application', value: (row) => row.name, keep: true },
  { title: 'versions', value: (row) => row.application_versions?.map((one) => one.version_name).join(', ') },
  { title: 'description', value: (row) => row.description },
  { title: 'id', value: (row) => row.application_id },
];

const VERSIONS: Column<ApplicationVersion>[] = [
  { title: 'version', value: (row) => row.version_name, keep: true },
  { title: 'created', value: (row) => row.created_at?.slice(0, 19).replace('T', ' ') },
  { title: 'id', value: (row) => row.application_version_id },
];

/** `windlass application …` */
export function defineApplication(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'list', 'List applications with their versions', ['windlass application list', 'all']).action(
    async (options: ServerOptions) => {
      const rows = await connect(cli, options).call(applicationsOperations.get_applications, {
        query: { include_versions: true },
      });
      await show(cli, options.output, {
        data: rows,
        rows,
        columns: COLUMNS,
        id: (row) => row.application_id,
        empty: 'No applications.',
      });
    },
  );

  serverCommand(noun, 'add <name>', 'Create an application', ['windlass application add shop', 'names are unique'])
    .option('--description <text>', 'what it is')
    .action(async (name: string, options: ServerOptions & { description?: string }) => {
      const body = { name, ...(options.description === undefined ? {} : { description: options.description }) };
      const data = await connect(cli, options).call(applicationsOperations.add_application, { body });
      await showApplication(cli, options.output, data);
    });

  serverCommand(noun, 'update <application>', 'Rename an application, or describe it anew', [
    'windlass application update shop --name store',
    'by name or id',
  ])
    .option('--name <name>', 'its new name')
    .option('--description <text>', 'what it is')
    .action(async (application: string, options: ServerOptions & { name?: string; description?: string }) => {
      const { name, description } = options;
      if (name === undefined && description === undefined)
        throw usageFailure('name what changes: --name, --description');
      const client = connect(cli, options);
      const params = { application_id: await resolveApplication(client, application) };
      const body = { ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }) };
      const data = await client.call(applicationsOperations.update_application, { params, body });
      await showApplication(cli, options.output, data);
    });

  serverCommand(noun, 'delete <application>', 'Delete an application with its versions', [
    'windlass application delete shop',
    'images and sources stay',
  ]).action(async (application: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const application_id = await resolveApplication(client, application);
    await client.call(applicationsOperations.delete_application, { params: { application_id } });
    const data = { application_id, deleted: true };
    await showOne(cli, options.output, { data, id: application_id, fields: [['Deleted', application]] });
  });

  serverCommand(noun, 'versions <application>', 'List versions of an application', [
    'windlass application versions shop',
    'oldest first',
  ]).action(async (application: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const params = { application_id: await resolveApplication(client, application) };
    const rows = await client.call(applicationsOperations.get_application_versions, { params });
    await show(cli, options.output, {
      data: rows,
      rows,
      columns: VERSIONS,
      id: (row) => row.application_version_id,
      empty: 'No versions.',
    });
  });

  serverCommand(noun, 'add-version <application> <version>', 'Create a version of an application', [
    'windlass application add-version shop 1.0',
    'fill it with windlass application associate',
  ]).action(async (application: string, version: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const params = { application_id: await resolveApplication(client, application) };
    const data = await client.call(applicationsOperations.add_application_version, {
      params,
      body: { version_name: version },
    });
    await showOne(cli, options.output, {
      data,
      id: data.application_version_id,
      fields: [
        ['Version', data.version_name],
        ['Id', data.application_version_id],
      ],
    });
  });

  serverCommand(noun, 'delete-version <application> <version>', 'Delete a version of an application', [
    'windlass application delete-version shop 1.0',
    'images and sources stay',
  ]).action(async (application: string, version: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const params = await resolveVersion(client, application, version);
    await client.call(applicationsOperations.delete_application_version, { params });
    const data = { ...params, deleted: true };
    await showOne(cli, options.output, {
      data,
      id: params.application_version_id,
      fields: [['Deleted', `${application} ${version}`]],
    });
  });

  defineArtifacts(noun, cli);
}

async function showApplication(cli: CliContext, output: Format, application: Application): Promise<void> {
  await showOne(cli, output, {
    data: application,
    id: application.application_id,
    fields: [
      ['Application', application.name],
      ['Id', application.application_id],
      ['Description', application.description],
    ],
  });
}
