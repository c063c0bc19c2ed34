import type { Command } from 'commander';
import { type STIGMetadataResponse, stigOperations } from '#contract/stig.ts';
import type { CliContext } from '../../context.ts';
import { resolveImage } from '../../resolve-image.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { show, showOne } from '../../show.ts';
import type { Column } from '../../terminal/table.ts';
import { addFile } from '../compliance/form.ts';
import { saveBody } from '../compliance/read.ts';

const COLUMNS: Column<STIGMetadataResponse>[] = [
  { title: 'id', value: (row) => row.evaluation_uuid, keep: true },
  { title: 'profile', value: (row) => row.stig_profile },
  { title: 'format', value: (row) => row.evaluation_format, keep: true },
  { title: 'uploaded', value: (row) => row.uploaded_at, keep: true },
];

/** `windlass image stig …`: STIG evaluations of an image, as HDF documents. */
export function defineStig(noun: Command, cli: CliContext): void {
  const stig = noun.command('stig').description('STIG evaluations of an image');

  serverCommand(stig, 'list <image>', 'List STIG evaluations of an image', [
    'windlass image stig list app:1.4',
    'newest first',
  ]).action(async (name: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const { digest } = await resolveImage(client, name);
    const data = await client.call(stigOperations.list_image_stig, { params: { image_digest: digest } });
    await show(cli, options.output, {
      data,
      rows: data.items ?? [],
      columns: COLUMNS,
      id: (row) => row.evaluation_uuid,
      empty: 'No STIG evaluations.',
    });
  });

  serverCommand(
    stig,
    'upload <image> <hdf-file>',
    'Store a STIG evaluation with an image',
    ['windlass image stig upload app:1.4 hdf.json --profile ubuntu2204', 'a new one'],
    ['windlass image stig upload app:1.4 hdf.json --replace 3c1…', 'in place of another'],
    ['windlass compliance convert arf.xml --file hdf.json', 'makes HDF of oscap results first'],
  )
    .option('--profile <name>', 'name of the STIG (default: that of the profile in the file)')
    .option('--replace <id>', 'evaluation that it takes the place of')
    .action(async (name: string, file: string, options: ServerOptions & { profile?: string; replace?: string }) => {
      const client = connect(cli, options);
      const { digest } = await resolveImage(client, name);
      const form = new FormData();
      if (options.profile !== undefined) form.append('stig_profile', options.profile);
      await addFile(form, 'file', file, 'application/json');
      const params = { image_digest: digest };
      const data =
        options.replace === undefined
          ? await client.call(stigOperations.post_image_stig, { params, raw: form }, { signal: cli.signal })
          : await client.call(
              stigOperations.put_image_stig,
              { params: { ...params, evaluation_uuid: options.replace }, raw: form },
              { signal: cli.signal },
            );
      await show(cli, options.output, { data, rows: [data], columns: COLUMNS, id: (row) => row.evaluation_uuid });
    });

  serverCommand(stig, 'download <image> <id>', 'Download a STIG evaluation', [
    'windlass image stig download app:1.4 3c1… --file hdf.json',
    'as it was uploaded',
  ])
    .option('--file <file>', 'write it there instead of to standard output')
    .action(async (name: string, id: string, options: ServerOptions & { file?: string }) => {
      const client = connect(cli, options);
      const { digest } = await resolveImage(client, name);
      const text = await client.call(
        {
          ...stigOperations.get_image_stig,
          success: { status: 200, contentType: 'application/json', raw: true },
        } as const,
        { params: { image_digest: digest, evaluation_uuid: id } },
        { signal: cli.signal },
      );
      await saveBody(cli, text, options.file);
    });

  serverCommand(stig, 'delete <image> <id>', 'Delete a STIG evaluation', [
    'windlass image stig delete app:1.4 3c1…',
    'it no longer counts for policies',
  ]).action(async (name: string, id: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const { digest } = await resolveImage(client, name);
    await client.call(stigOperations.delete_image_stig, { params: { image_digest: digest, evaluation_uuid: id } });
    await showOne(cli, options.output, { data: { evaluation_uuid: id, deleted: true }, id, fields: [['Deleted', id]] });
  });
}
