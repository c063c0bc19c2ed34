import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { vexOperations } from '#contract/vex.ts';
import { type ImageVexStatement, type VexDocumentRecord, windlassVexOperations } from '#contract/windlass-vex.ts';
import type { CliContext } from '../context.ts';
import { resolveImage } from '../resolve-image.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<VexDocumentRecord>[] = [
  { title: 'id', value: (row) => row.uuid, keep: true },
  { title: 'format', value: (row) => row.format, keep: true },
  { title: 'document', value: (row) => row.document_id },
  { title: 'version', value: (row) => row.document_version },
  { title: 'author', value: (row) => row.author },
  { title: 'issued', value: (row) => row.issued_at },
  { title: 'statements', value: (row) => row.statements, align: 'right', keep: true },
  { title: 'not used', value: (row) => row.problems.length || '', align: 'right' },
  { title: 'name', value: (row) => row.name },
];

const STATEMENTS: Column<ImageVexStatement>[] = [
  { title: 'vulnerability', value: (row) => row.vulnerability, keep: true },
  { title: 'package', value: (row) => `${row.package_name} ${row.package_version}` },
  { title: 'status', value: (row) => row.status, keep: true },
  { title: 'justification', value: (row) => row.justification },
  { title: 'says', value: (row) => row.author },
  { title: 'source', value: (row) => row.source, keep: true },
];

const FORMS = {
  openvex: vexOperations.get_image_openvex,
  'cyclonedx-json': vexOperations.get_image_cyclonedx_json,
  'cyclonedx-xml': vexOperations.get_image_cyclonedx_xml,
} as const;

/** `windlass vex …` */
export function defineVex(noun: Command, cli: CliContext): void {
  serverCommand(
    noun,
    'import <file...>',
    'Import VEX documents: OpenVEX, CSAF 2.0, CycloneDX (JSON or XML)',
    ['windlass vex import vendor.openvex.json', 'applied to all images of the account'],
    ['windlass vex import csaf/*.json', 'a newer version takes the place of an older one'],
  ).action(async (files: string[], options: ServerOptions) => {
    const client = connect(cli, options);
    const rows: VexDocumentRecord[] = [];
    for (const file of files) {
      await stat(file);
      const raw = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
      rows.push(
        await client.call(
          windlassVexOperations.import_vex_document,
          { query: { name: basename(file) }, raw, contentType: 'application/octet-stream' },
          { signal: cli.signal },
        ),
      );
    }
    const data = rows.length === 1 ? rows[0] : rows;
    await show(cli, options.output, { data, rows, columns: COLUMNS, id: (row) => row.uuid });
  });

  serverCommand(noun, 'list', 'List imported VEX documents', ['windlass vex list', 'the newest first']).action(
    async (options: ServerOptions) => {
      const data = await connect(cli, options).call(windlassVexOperations.list_vex_documents);
      const id = (row: VexDocumentRecord) => row.uuid;
      await show(cli, options.output, { data, rows: data.items, columns: COLUMNS, id, empty: 'No VEX documents.' });
    },
  );

  serverCommand(noun, 'delete <id>', 'Delete an imported VEX document: its statements no longer hold', [
    'windlass vex delete ID',
    'an id of windlass vex list',
  ]).action(async (uuid: string, options: ServerOptions) => {
    const params = { document_uuid: uuid };
    await connect(cli, options).call(windlassVexOperations.delete_vex_document, { params });
    await showOne(cli, options.output, { data: { uuid, deleted: true }, id: uuid, fields: [['Deleted', uuid]] });
  });

  serverCommand(noun, 'statements <image>', 'List what holds for findings of an image, and who says so', [
    'windlass vex statements app:1.4',
    'annotations and imported documents',
  ]).action(async (name: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const { digest } = await resolveImage(client, name);
    const params = { image_digest: digest };
    const data = await client.call(windlassVexOperations.list_image_vex_statements, { params });
    const id = (row: ImageVexStatement) => row.source_uuid;
    await show(cli, options.output, { data, rows: data.items, columns: STATEMENTS, id, empty: 'Nothing was said.' });
  });

  serverCommand(
    noun,
    'export <image>',
    'Write the annotations of an image as a VEX document',
    ['windlass vex export app:1.4 > app.openvex.json', 'OpenVEX 0.2'],
    ['windlass vex export app:1.4 --format cyclonedx-xml --file app.vex.xml', 'CycloneDX 1.6'],
  )
    .addOption(new Option('--format <format>', 'form of the document').choices(Object.keys(FORMS)).default('openvex'))
    .option('--file <file>', 'write it there instead of to standard output')
    .action(async (name: string, options: ServerOptions & { format: keyof typeof FORMS; file?: string }) => {
      const client = connect(cli, options);
      const { digest } = await resolveImage(client, name);
      const response = await client.call(
        FORMS[options.format],
        { params: { image_digest: digest } },
        { signal: cli.signal },
      );
      const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
      if (options.file !== undefined) return pipeline(body, createWriteStream(options.file));
      const decoder = new TextDecoder();
      for await (const chunk of body) await cli.stdout.write(decoder.decode(chunk as Uint8Array, { stream: true }));
      await cli.stdout.write(`${decoder.decode()}\n`);
    });
}
