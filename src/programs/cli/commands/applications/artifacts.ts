import type { Command } from 'commander';
import { applicationsOperations } from '#contract/applications.ts';
import type { ArtifactListResponse, VersionVulnerability } from '#contract/applications-schemas.ts';
import type { CliContext } from '../../context.ts';
import { usageFailure } from '../../failure.ts';
import { sourceName } from '../../resolve-source.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { printJson, show, showOne } from '../../show.ts';
import type { Column } from '../../terminal/table.ts';
import { resolveArtifact, resolveVersion } from './resolve.ts';

interface ArtifactRow {
  type: 'image' | 'source';
  artifact: string | undefined;
  status: string | undefined;
  association: string | undefined;
}

const COLUMNS: Column<ArtifactRow>[] = [
  { title: 'type', value: (row) => row.type, keep: true },
  { title: 'artifact', value: (row) => row.artifact, keep: true },
  { title: 'status', value: (row) => row.status, word: true },
  { title: 'association', value: (row) => row.association },
];

const VULNERABILITIES: Column<VersionVulnerability>[] = [
  { title: 'severity', value: (row) => row.vendor_data?.severity, keep: true, word: true },
  { title: 'vulnerability', value: (row) => row.id, keep: true },
  {
    title: 'packages',
    value: (row) => distinct(row, ({ location }) => `${location?.package?.name} ${location?.package?.version}`),
  },
  { title: 'fixed in', value: (row) => distinct(row, ({ fix }) => (fix === 'None' ? '' : (fix ?? ''))) },
  {
    title: 'artifacts',
    value: (row) => new Set(row.matches?.map((one) => one.location?.artifact?.id)).size,
    align: 'right',
  },
];

function distinct(
  row: VersionVulnerability,
  value: (match: NonNullable<VersionVulnerability['matches']>[number]) => string,
): string {
  return [...new Set((row.matches ?? []).map(value))].filter(Boolean).join(', ');
}

/** `application artifacts|associate|dissociate|vulnerabilities|sbom` */
export function defineArtifacts(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'artifacts <application> <version>', 'List what a version is made of', [
    'windlass application artifacts shop 1.0',
    'images and sources',
  ]).action(async (application: string, version: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const params = await resolveVersion(client, application, version);
    const data = await client.call(applicationsOperations.list_artifacts, { params, query: {} });
    await show(cli, options.output, {
      data,
      rows: rowsOf(data),
      columns: COLUMNS,
      id: (row) => row.association,
      empty: 'No artifacts.',
    });
  });

  serverCommand(
    noun,
    'associate <application> <version>',
    'Make an image or a source part of a version',
    ['windlass application associate shop 1.0 --image registry.example.com/shop:1.0', 'the image of the tag now'],
    ['windlass application associate shop 1.0 --source git.example.com/team/shop@1f2e3d', 'a revision'],
  )
    .option('--image <image>', 'tag, digest or image id')
    .option('--source <source>', 'uuid, or HOST/REPOSITORY@REVISION')
    .action(
      async (application: string, version: string, options: ServerOptions & { image?: string; source?: string }) => {
        const { image, source } = options;
        if ((image === undefined) === (source === undefined)) throw usageFailure('name either --image or --source');
        const client = connect(cli, options);
        const params = await resolveVersion(client, application, version);
        const named = image === undefined ? { source: source! } : { image };
        const { artifact_type, artifact_id } = await resolveArtifact(client, named);
        const artifact_keys = artifact_type === 'image' ? { image_digest: artifact_id } : { uuid: artifact_id };
        const data = await client.call(applicationsOperations.add_artifact_to_application_version, {
          params,
          body: { artifact_type, artifact_keys },
        });
        const association = data.artifact_association_metadata?.association_id;
        await showOne(cli, options.output, {
          data,
          id: association,
          fields: [
            ['Association', association],
            ['Artifact', `${artifact_type} ${artifact_id}`],
          ],
        });
      },
    );

  serverCommand(noun, 'dissociate <application> <version> <association>', 'Take an artifact out of a version', [
    'windlass application dissociate shop 1.0 7b5d…',
    'the artifact itself stays; ids: windlass application artifacts',
  ]).action(async (application: string, version: string, association: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const params = { ...(await resolveVersion(client, application, version)), association_id: association };
    await client.call(applicationsOperations.remove_artifact_from_application_version, { params });
    const data = { association_id: association, deleted: true };
    await showOne(cli, options.output, { data, id: association, fields: [['Deleted', association]] });
  });

  serverCommand(noun, 'vulnerabilities <application> <version>', 'List known vulnerabilities of a whole version', [
    'windlass application vulnerabilities shop 1.0',
    'each once, with the packages that have it',
  ])
    .alias('vuln')
    .action(async (application: string, version: string, options: ServerOptions) => {
      const client = connect(cli, options);
      const params = await resolveVersion(client, application, version);
      const data = await client.call(applicationsOperations.get_application_version_vulnerabilities, {
        params,
        query: {},
      });
      for (const { artifact_type, artifact_id, reason } of data.unavailable_artifacts ?? [])
        await cli.stderr.write(`not reported on: ${artifact_type} ${artifact_id}: ${reason}\n`);
      await show(cli, options.output, {
        data,
        rows: data.vulnerabilities ?? [],
        columns: VULNERABILITIES,
        id: (row) => row.id,
        empty: 'No known vulnerabilities.',
      });
    });

  serverCommand(noun, 'sbom <application> <version>', 'Print the SBOMs of a whole version in one document', [
    'windlass application sbom shop 1.0 > shop.json',
    'native SBOMs of images and sources',
  ]).action(async (application: string, version: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const params = await resolveVersion(client, application, version);
    await printJson(cli, await client.call(applicationsOperations.get_application_version_sbom, { params, query: {} }));
  });
}

function rowsOf(data: ArtifactListResponse): ArtifactRow[] {
  const sources = (data.associated_source_artifacts ?? []).map(
    ({ source, artifact_association_metadata: meta }): ArtifactRow => ({
      type: 'source',
      artifact: source?.host ? sourceName(source) : source?.uuid,
      status: source?.source_status === 'active' ? source.analysis_status : source?.source_status,
      association: meta?.association_id,
    }),
  );
  const images = (data.associated_image_artifacts ?? []).map(
    ({ image, artifact_association_metadata: meta }): ArtifactRow => ({
      type: 'image',
      artifact: image?.image_digest,
      status: image?.image_status === 'active' ? image.analysis_status : image?.image_status,
      association: meta?.association_id,
    }),
  );
  return [...sources, ...images];
}
