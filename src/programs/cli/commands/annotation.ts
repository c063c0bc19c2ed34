import { type Command, Option } from 'commander';
import {
  vulnerabilityAnnotationsOperations as operations,
  type PackageVulnerabilityAnnotation,
  type VulnerabilityAnnotation,
} from '#contract/vulnerability-annotations.ts';
import { VEX_JUSTIFICATIONS, VEX_STATUSES } from '#engine/vex/types.ts';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { resolveImage } from '../resolve-image.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';

type Row = PackageVulnerabilityAnnotation;

const COLUMNS: Column<Row>[] = [
  { title: 'id', value: ({ annotation }) => annotation.uuid, keep: true },
  { title: 'vulnerability', value: ({ annotation }) => annotation.vulnerability_id, keep: true },
  { title: 'status', value: ({ annotation }) => annotation.status, keep: true },
  { title: 'justification', value: ({ annotation }) => annotation.justification },
  {
    title: 'package',
    value: ({ package_identifier: pkg }) => (pkg ? `${pkg.name} ${pkg.version} (${pkg.type})` : 'all'),
  },
  { title: 'author', value: ({ annotation }) => annotation.author },
  { title: 'changed', value: ({ annotation }) => annotation.updated_at },
];

interface SayOptions extends ServerOptions {
  status: VulnerabilityAnnotation['status'];
  justification?: NonNullable<VulnerabilityAnnotation['justification']>;
  notes?: string;
  impact?: string;
  action?: string;
  details?: string;
  package?: string;
  packageVersion?: string;
  packageType?: string;
}

/** `windlass annotation …` */
export function defineAnnotation(noun: Command, cli: CliContext): void {
  const one = (options: ServerOptions, data: Row) =>
    show(cli, options.output, { data, rows: [data], columns: COLUMNS, id: ({ annotation }) => annotation.uuid });

  serverCommand(noun, 'list <image>', 'List what was said of the vulnerabilities of an image', [
    'windlass annotation list app:1.4',
    'with the ids',
  ])
    .option('--vulnerability <id>', 'only of this vulnerability')
    .option('--package <name>', 'only of this package')
    .action(async (name: string, options: ServerOptions & { vulnerability?: string; package?: string }) => {
      const client = connect(cli, options);
      const { digest } = await resolveImage(client, name);
      const data = await client.call(operations.list_image_vuln_annotations, {
        params: { image_digest: digest },
        query: {
          ...(options.vulnerability === undefined ? {} : { vulnerability_id: options.vulnerability }),
          ...(options.package === undefined ? {} : { package_name: options.package }),
        },
      });
      const id = ({ annotation }: Row) => annotation.uuid;
      await show(cli, options.output, { data, rows: data.items, columns: COLUMNS, id, empty: 'No annotations.' });
    });

  sayOptions(
    serverCommand(
      noun,
      'add <image> <vulnerability>',
      'Say what a vulnerability means in an image',
      [
        'windlass annotation add app:1.4 CVE-2023-5363 --status not_affected --justification component_not_present',
        'in all packages',
      ],
      [
        'windlass annotation add app:1.4 CVE-2023-5363 --status affected --action "update" --package openssl --package-version 3.0.9-1 --package-type dpkg',
        'in one package',
      ],
    ),
  )
    .option('--package <name>', 'only in this package')
    .option('--package-version <version>', 'its version')
    .option('--package-type <type>', 'its type, as in image vulnerabilities')
    .action(async (name: string, vulnerability: string, options: SayOptions) => {
      const { package: pkg, packageVersion: version, packageType: type } = options;
      if ([pkg, version, type].some((one) => one !== undefined) && !(pkg && version && type))
        throw usageFailure('--package, --package-version and --package-type belong together');
      const client = connect(cli, options);
      const { digest } = await resolveImage(client, name);
      const body = {
        annotation: annotationOf(vulnerability, options),
        package_identifier: pkg && version && type ? { name: pkg, version, type } : null,
      };
      await one(
        options,
        await client.call(operations.create_image_vuln_annotation, { params: { image_digest: digest }, body }),
      );
    });

  sayOptions(
    serverCommand(noun, 'update <image> <id>', 'Say something else', [
      'windlass annotation update app:1.4 ID --status fixed',
      'an id of windlass annotation list',
    ]),
  ).action(async (name: string, uuid: string, options: SayOptions) => {
    const client = connect(cli, options);
    const { digest } = await resolveImage(client, name);
    const params = { image_digest: digest, vuln_annotation_uuid: uuid };
    const known = await client.call(operations.get_image_vuln_annotation, { params });
    const body = annotationOf(known.annotation.vulnerability_id, options);
    await one(options, await client.call(operations.update_image_vuln_annotation, { params, body }));
  });

  serverCommand(noun, 'delete <image> <id>', 'Take an annotation back', [
    'windlass annotation delete app:1.4 ID',
    'an id of windlass annotation list',
  ]).action(async (name: string, uuid: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const { digest } = await resolveImage(client, name);
    await client.call(operations.delete_image_vuln_annotation, {
      params: { image_digest: digest, vuln_annotation_uuid: uuid },
    });
    await showOne(cli, options.output, { data: { uuid, deleted: true }, id: uuid, fields: [['Deleted', uuid]] });
  });
}

function sayOptions(command: Command): Command {
  return command
    .addOption(new Option('--status <status>', 'what it means').choices(VEX_STATUSES).makeOptionMandatory())
    .addOption(new Option('--justification <reason>', 'why it is not affected').choices(VEX_JUSTIFICATIONS))
    .option('--impact <text>', 'why it is not affected, in words')
    .option('--action <text>', 'what to do about it')
    .option('--notes <text>', 'how this was found out')
    .option('--details <text>', 'anything else');
}

function annotationOf(vulnerability: string, options: SayOptions): VulnerabilityAnnotation {
  const { status, justification, notes, impact, action, details } = options;
  return {
    vulnerability_id: vulnerability,
    status,
    justification: justification ?? null,
    status_notes: notes ?? null,
    impact_statement: impact ?? null,
    action_statement: action ?? null,
    additional_details: details ?? null,
  };
}
