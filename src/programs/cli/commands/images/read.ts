import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { imageContentOperations } from '#contract/image-content.ts';
import { imageSbomsOperations } from '#contract/image-sboms.ts';
import { imagesOperations } from '#contract/images.ts';
import { type ImageOverview, windlassOperations } from '#contract/windlass.ts';
import type { CliContext } from '../../context.ts';
import { resolveImage } from '../../resolve-image.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { show, showOne } from '../../show.ts';
import { formatBytes } from '../../terminal/size.ts';
import type { Column } from '../../terminal/table.ts';
import { distroOf } from './columns.ts';

const PAGE = 500;

const OVERVIEW: Column<ImageOverview>[] = [
  { title: 'tag', value: (image) => image.full_tags[0] ?? '' },
  { title: 'digest', value: (image) => image.image_digest.slice(0, 19), keep: true },
  { title: 'status', value: (image) => image.analysis_status, keep: true, word: true },
  { title: 'verdict', value: (image) => image.verdict, keep: true, word: true },
  { title: 'critical', value: (image) => image.vulnerabilities?.critical, align: 'right', keep: true },
  { title: 'high', value: (image) => image.vulnerabilities?.high, align: 'right', keep: true },
  { title: 'medium', value: (image) => image.vulnerabilities?.medium, align: 'right', keep: true },
  { title: 'packages', value: (image) => image.packages, align: 'right', keep: true },
  { title: 'distro', value: (image) => [image.distro, image.distro_version].filter(Boolean).join(' ') },
  { title: 'problems', value: (image) => (image.problems?.length ? image.problems.length : ''), align: 'right' },
];

/** `image list` */
export function defineList(noun: Command, cli: CliContext): void {
  serverCommand(
    noun,
    'list',
    'List images with verdict and vulnerability counts',
    ['windlass image list', 'all'],
    ['windlass image list --search nginx --verdict fail -o id', 'digests of some'],
  )
    .option('--search <text>', 'part of a tag, repository or digest')
    .addOption(new Option('--verdict <verdict>', 'verdict of the active policy').choices(['pass', 'fail']))
    .addOption(
      new Option('--severity <severity>', 'with a vulnerability of at least this severity').choices([
        'critical',
        'high',
        'medium',
        'low',
        'negligible',
        'unknown',
      ]),
    )
    .action(async (options: ServerOptions & { search?: string; verdict?: 'pass' | 'fail'; severity?: 'critical' }) => {
      const client = connect(cli, options);
      const { search, verdict, severity } = options;
      const filter = {
        ...(search ? { search } : {}),
        ...(verdict ? { verdict } : {}),
        ...(severity ? { severity } : {}),
      };
      const items: ImageOverview[] = [];
      for (let page = 1; ; page += 1) {
        const answer = await client.call(
          windlassOperations.list_image_overview,
          { query: { ...filter, page, limit: PAGE } },
          { signal: cli.signal },
        );
        items.push(...answer.items);
        if (answer.items.length < PAGE) break;
      }
      await show(cli, options.output, {
        data: { items },
        rows: items,
        columns: OVERVIEW,
        id: (image) => image.image_digest,
        empty: 'No images.',
      });
    });
}

/** `image get` */
export function defineGet(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'get <image>', 'Show an image: a tag, digest or image id', [
    'windlass image get debian:12',
    'the newest image of the tag',
  ]).action(async (name: string, options: ServerOptions) => {
    const { image, digest } = await resolveImage(connect(cli, options), name);
    const metadata = image.image_content?.metadata;
    await showOne(cli, options.output, {
      data: image,
      id: digest,
      fields: [
        ['Digest', digest],
        ['Tags', (image.image_detail ?? []).map(({ full_tag: tag }) => tag).join(', ')],
        ['Parent digest', image.parent_digest],
        ['Image id', image.image_detail?.[0]?.image_id],
        ['Analysis', image.analysis_status],
        ['Analysed at', image.analyzed_at],
        ['Added at', image.created_at],
        ['Status', image.image_status],
        ['Distro', distroOf(image)],
        ['Architecture', metadata?.arch],
        ['Size', metadata?.image_size === undefined ? undefined : formatBytes(metadata.image_size)],
        ['Layers', metadata?.layer_count],
        ['Dockerfile', metadata?.dockerfile_mode],
        [
          'Annotations',
          Object.entries(image.annotations ?? {})
            .map(([key, value]) => `${key}=${String(value)}`)
            .join(', '),
        ],
      ],
    });
  });
}

/** `image ancestors` */
export function defineAncestors(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'ancestors <image>', 'List analysed images that an image is built on', [
    'windlass image ancestors app:1.4',
    'nearest base first',
  ]).action(async (name: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const { digest } = await resolveImage(client, name);
    const rows = await client.call(imagesOperations.get_image_ancestors, { params: { image_digest: digest } });
    const columns: Column<(typeof rows)[number]>[] = [
      { title: 'tags', value: (row) => row.tags?.join(', ') },
      { title: 'digest', value: (row) => row.image_digest, keep: true },
      { title: 'layers', value: (row) => row.layers?.length, align: 'right' },
      { title: 'base', value: (row) => row.chosen_base_image },
    ];
    await show(cli, options.output, {
      data: rows,
      rows,
      columns,
      id: (row) => row.image_digest,
      empty: 'No analysed image is a base of this one.',
    });
  });
}

/** A row of content of any type: its keys differ. */
type ContentRow = Record<string, unknown>;

/** `image content` */
export function defineContent(noun: Command, cli: CliContext): void {
  serverCommand(
    noun,
    'content <image> [type]',
    'Show what an image contains: counts, or the content of one type',
    ['windlass image content debian:12', 'types and counts'],
    ['windlass image content debian:12 os', 'packages of the distribution'],
    ['windlass image content app:1.4 files -o csv', 'files with owner and digest'],
  ).action(async (name: string, type: string | undefined, options: ServerOptions) => {
    const client = connect(cli, options);
    const params = { image_digest: (await resolveImage(client, name)).digest };
    if (type === undefined) {
      const data = await client.call(imageContentOperations.get_image_content_summary, { params });
      const rows = data.items ?? [];
      return show(cli, options.output, {
        data,
        rows,
        columns: [
          { title: 'type', value: (row) => row.content_type },
          { title: 'count', value: (row) => row.count, align: 'right' },
        ],
        id: (row) => row.content_type,
      });
    }
    const content = imageContentOperations;
    const data =
      type === 'files'
        ? await client.call(content.get_image_content_by_type_files, { params })
        : type === 'java'
          ? await client.call(content.get_image_content_by_type_java_package, { params })
          : type === 'malware'
            ? await client.call(content.get_image_content_by_type_malware, { params })
            : type === 'licenses'
              ? await client.call(content.get_image_content_by_type_license, { params })
              : await client.call(content.get_image_content_by_type, { params: { ...params, content_type: type } });
    const rows = ('items' in data ? data.items : (data as { content?: unknown }).content) as ContentRow[] | undefined;
    await show(cli, options.output, {
      data,
      rows: rows ?? [],
      columns: contentColumns(type),
      id: (row) => [row.package ?? row.filename ?? '', row.version].filter(Boolean).join(' '),
    });
  });
}

function contentColumns(type: string): Column<ContentRow>[] {
  const text = (value: unknown): string =>
    Array.isArray(value) ? value.join(', ') : value === undefined || value === null ? '' : String(value);
  const column = (title: string, key = title): Column<ContentRow> => ({ title, value: (row) => text(row[key]) });
  if (type === 'files')
    return [
      column('file', 'filename'),
      column('type'),
      column('mode'),
      column('uid'),
      column('gid'),
      column('size'),
      column('sha256'),
    ];
  if (type === 'malware')
    return [
      column('scanner'),
      column('enabled'),
      { title: 'findings', value: (row) => text((row.findings as unknown[] | undefined)?.length) },
    ];
  if (type === 'licenses') {
    return [
      { title: 'package', value: ({ package: pkg }) => text((pkg as ContentRow | undefined)?.name) },
      { title: 'version', value: ({ package: pkg }) => text((pkg as ContentRow | undefined)?.version) },
      {
        title: 'licenses',
        value: ({ licenses }) =>
          text((licenses as ContentRow[] | undefined)?.map((one) => one.license_id ?? one.license_name)),
      },
    ];
  }
  return [column('package'), column('version'), column('type'), column('licenses'), column('location')];
}

const SBOMS = {
  'cyclonedx-json': imageSbomsOperations.get_image_sbom_cyclonedx_json,
  'spdx-json': imageSbomsOperations.get_image_sbom_spdx_json,
  'native-json': imageSbomsOperations.get_image_sbom_native_json,
} as const;

/** `image sbom` */
export function defineSbom(noun: Command, cli: CliContext): void {
  serverCommand(
    noun,
    'sbom <image>',
    'Download the SBOM of an image',
    ['windlass image sbom app:1.4 > sbom.json', 'CycloneDX 1.6'],
    ['windlass image sbom app:1.4 --format spdx-json --file sbom.spdx.json', 'SPDX 2.3'],
  )
    .addOption(
      new Option('--format <format>', 'form of the SBOM').choices(Object.keys(SBOMS)).default('cyclonedx-json'),
    )
    .option('--file <file>', 'write it there instead of to standard output')
    .action(async (name: string, options: ServerOptions & { format: keyof typeof SBOMS; file?: string }) => {
      const client = connect(cli, options);
      const { digest } = await resolveImage(client, name);
      const response = await client.call(
        SBOMS[options.format],
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
