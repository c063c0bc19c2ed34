import { type Command, Option } from 'commander';
import { type ArtifactRelationship, artifactRelationshipsOperations } from '#contract/artifact-relationships.ts';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';
import { resolveArtifact } from './applications/resolve.ts';

const COLUMNS: Column<ArtifactRelationship>[] = [
  { title: 'id', value: (row) => row.relationship_id, keep: true },
  { title: 'from', value: (row) => endText(row.source) },
  { title: 'relation', value: (row) => row.relationship_type, keep: true },
  { title: 'to', value: (row) => endText(row.target) },
  { title: 'comment', value: (row) => row.comment },
];

function endText(end: ArtifactRelationship['source']): string {
  return end ? `${end.artifact_type} ${end.artifact_id}` : '';
}

interface DiffRow {
  change: 'removed' | 'added' | 'changed';
  name: string | undefined;
  from: string | undefined;
  to: string | undefined;
}

interface EndOptions extends ServerOptions {
  fromImage?: string;
  fromSource?: string;
  toImage?: string;
  toSource?: string;
  type: 'contains' | 'contained_by';
  comment?: string;
}

/** `windlass relationship …` */
export function defineRelationship(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'list', 'List how artifacts are related', ['windlass relationship list', 'newest first']).action(
    async (options: ServerOptions) => {
      const rows = await connect(cli, options).call(artifactRelationshipsOperations.list_artifact_relationships, {
        query: {},
      });
      await show(cli, options.output, {
        data: rows,
        rows,
        columns: COLUMNS,
        id: (row) => row.relationship_id,
        empty: 'No relationships.',
      });
    },
  );

  serverCommand(noun, 'add', 'Relate an artifact to another one', [
    'windlass relationship add --from-source git.example.com/team/shop@1f2e3d --to-image registry.example.com/shop:1.0 --type contained_by',
    'an image was built from a source',
  ])
    .option('--from-image <image>', 'the one side: tag, digest or image id')
    .option('--from-source <source>', 'the one side: uuid, or HOST/REPOSITORY@REVISION')
    .option('--to-image <image>', 'the other side')
    .option('--to-source <source>', 'the other side')
    .addOption(
      new Option('--type <type>', 'what the one side does to the other')
        .choices(['contains', 'contained_by'])
        .default('contains'),
    )
    .option('--comment <text>', 'note for people')
    .action(async (options: EndOptions) => {
      const client = connect(cli, options);
      const end = (side: string, image: string | undefined, source: string | undefined) => {
        if ((image === undefined) === (source === undefined))
          throw usageFailure(`name either --${side}-image or --${side}-source`);
        return resolveArtifact(client, image === undefined ? { source: source! } : { image });
      };
      const data = await client.call(artifactRelationshipsOperations.add_artifact_relationship, {
        body: {
          source: await end('from', options.fromImage, options.fromSource),
          target: await end('to', options.toImage, options.toSource),
          relationship_type: options.type,
          ...(options.comment === undefined ? {} : { comment: options.comment }),
        },
      });
      const id = String(data.relationship_id);
      await showOne(cli, options.output, { data, id, fields: [['Relationship', id]] });
    });

  serverCommand(noun, 'diff <relationship>', 'Compare the packages of both sides', [
    'windlass relationship diff 7b5d…',
    'what the image has that the source has not, and the other way round',
  ]).action(async (relationship: string, options: ServerOptions) => {
    const data = await connect(cli, options).call(artifactRelationshipsOperations.get_relationship_sbom_diff, {
      params: { relationship_id: relationship },
    });
    const rows: DiffRow[] = [
      ...(data.source_only ?? []).map((one) => ({
        change: 'removed' as const,
        name: one.name,
        from: one.version,
        to: '',
      })),
      ...(data.target_only ?? []).map((one) => ({
        change: 'added' as const,
        name: one.name,
        from: '',
        to: one.version,
      })),
      ...(data.source_modified ?? []).map(({ source, target }) => ({
        change: 'changed' as const,
        name: source?.name,
        from: source?.version,
        to: target?.version,
      })),
    ];
    await show(cli, options.output, {
      data,
      rows,
      columns: [
        { title: 'change', value: (row) => row.change, keep: true },
        { title: 'package', value: (row) => row.name, keep: true },
        { title: 'from', value: (row) => row.from },
        { title: 'to', value: (row) => row.to },
      ],
      id: (row) => row.name,
      empty: 'No differences.',
    });
  });

  serverCommand(noun, 'delete <relationship...>', 'Delete relationships', [
    'windlass relationship delete 7b5d…',
    'the artifacts stay',
  ]).action(async (relationships: string[], options: ServerOptions) => {
    const data = await connect(cli, options).call(artifactRelationshipsOperations.delete_artifact_relationships, {
      query: { relationship_ids: relationships },
    });
    const { deleted = [] } = data as { deleted?: string[] };
    await show(cli, options.output, {
      data,
      rows: deleted,
      columns: [{ title: 'deleted', value: (row) => row }],
      id: (row) => row,
      empty: 'No such relationship.',
    });
  });
}
