import { type Command, Option } from 'commander';
import {
  type AnalysisArchiveAddResult,
  type AnalysisArchiveTransitionRule,
  type ArchivedAnalysis,
  archivesOperations,
} from '#contract/archives.ts';
import { imagesOperations } from '#contract/images.ts';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { resolveImage } from '../resolve-image.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import { formatBytes } from '../terminal/size.ts';
import type { Column } from '../terminal/table.ts';

const IMAGE_COLUMNS: Column<ArchivedAnalysis>[] = [
  { title: 'digest', value: (row) => row.image_digest, keep: true },
  { title: 'tag', value: (row) => row.image_detail?.[0]?.pull_string },
  { title: 'status', value: (row) => row.status, keep: true },
  { title: 'size', value: (row) => formatBytes(row.archive_size_bytes ?? 0), align: 'right' },
  { title: 'archived', value: (row) => row.created_at, keep: true },
];

const RESULT_COLUMNS: Column<AnalysisArchiveAddResult>[] = [
  { title: 'digest', value: (row) => row.digest, keep: true },
  { title: 'status', value: (row) => row.status, keep: true },
  { title: 'detail', value: (row) => row.detail },
];

const unlessOff = (value: number | undefined) => (value === undefined || value < 0 ? undefined : value);

const RULE_COLUMNS: Column<AnalysisArchiveTransitionRule>[] = [
  { title: 'rule', value: (row) => row.rule_id, keep: true },
  { title: 'does', value: (row) => row.transition, keep: true },
  { title: 'image', value: ({ selector: s }) => `${s?.registry}/${s?.repository}:${s?.tag}` },
  { title: 'older than days', value: (row) => unlessOff(row.analysis_age_days), align: 'right' },
  { title: 'newer versions', value: (row) => unlessOff(row.tag_versions_newer), align: 'right' },
  { title: 'all accounts', value: (row) => row.system_global },
];

interface RuleOptions extends ServerOptions {
  days?: string;
  versions?: string;
  registry?: string;
  repository?: string;
  tag?: string;
  allAccounts?: boolean;
  max?: string;
}

/** `windlass archive …` */
export function defineArchive(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'list', 'List archived images', ['windlass archive list', 'newest first']).action(
    async (options: ServerOptions) => {
      const rows = await connect(cli, options).call(archivesOperations.list_analysis_archive);
      await show(cli, options.output, {
        data: rows,
        rows,
        columns: IMAGE_COLUMNS,
        id: (row) => row.image_digest,
        empty: 'The archive is empty.',
      });
    },
  );

  serverCommand(noun, 'add <images...>', 'Archive the analyses of images; the images stay where they are', [
    'windlass archive add docker.io/library/app:1 sha256:…',
    'by tag or digest',
  ]).action(async (images: string[], options: ServerOptions) => {
    const client = connect(cli, options);
    const digests: string[] = [];
    for (const image of images) digests.push((await resolveImage(client, image)).digest);
    const rows = await client.call(archivesOperations.archive_image_analysis, { body: digests });
    await show(cli, options.output, { data: rows, rows, columns: RESULT_COLUMNS, id: (row) => row.digest });
  });

  serverCommand(noun, 'restore <digest>', 'Bring an archived image back; the archive keeps its copy', [
    'windlass archive restore sha256:…',
    'no registry is asked',
  ]).action(async (digest: string, options: ServerOptions) => {
    const data = await connect(cli, options).call(imagesOperations.add_image, {
      body: { source: { archive: { digest } } },
    });
    const fields = [
      ['Image', data.image_digest],
      ['Status', data.analysis_status],
    ] as const;
    await showOne(cli, options.output, { data, id: data.image_digest, fields });
  });

  serverCommand(noun, 'delete <digest>', 'Delete an image from the archive', [
    'windlass archive delete sha256:…',
    'what is in the working set stays',
  ])
    .option('--force', 'whatever its status')
    .action(async (digest: string, options: ServerOptions & { force?: boolean }) => {
      await connect(cli, options).call(archivesOperations.delete_archived_analysis, {
        params: { image_digest: digest },
        query: { force: options.force ?? false },
      });
      const data = { image_digest: digest, deleted: true };
      await showOne(cli, options.output, { data, id: digest, fields: [['Deleted', digest]] });
    });

  ruleCommands(noun, cli);
}

function ruleCommands(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'rules', 'List rules that fill and empty the archive', [
    'windlass archive rules',
    'with those for all accounts',
  ]).action(async (options: ServerOptions) => {
    const rows = await connect(cli, options).call(archivesOperations.list_analysis_archive_rules);
    await show(cli, options.output, {
      data: rows,
      rows,
      columns: RULE_COLUMNS,
      id: (row) => row.rule_id,
      empty: 'No rules.',
    });
  });

  const add = serverCommand(
    noun,
    'add-rule',
    'Add a rule; all its conditions must hold for every tag of an image',
    ['windlass archive add-rule --days 90', 'archive what is older than 90 days'],
    ['windlass archive add-rule --versions 10 --repository "team/*"', 'keep the ten newest of each tag'],
    ['windlass archive add-rule --transition delete --days 365', 'delete what is a year in the archive'],
  );
  add
    .addOption(
      new Option('--transition <what>', 'archive, or delete from the archive')
        .choices(['archive', 'delete'])
        .default('archive'),
    )
    .option('--days <count>', 'older than so many days')
    .option('--versions <count>', 'so many newer versions of the tag exist')
    .option('--registry <pattern>', 'with * for anything')
    .option('--repository <pattern>', 'with * for anything')
    .option('--tag <pattern>', 'with * for anything')
    .option('--all-accounts', 'for all accounts; administrators only')
    .option('--max <count>', 'images beyond so many, with --all-accounts')
    .action(async (options: RuleOptions & { transition: 'archive' | 'delete' }) => {
      const selector = {
        ...(options.registry ? { registry: options.registry } : {}),
        ...(options.repository ? { repository: options.repository } : {}),
        ...(options.tag ? { tag: options.tag } : {}),
      };
      const body = {
        transition: options.transition,
        ...(options.days === undefined ? {} : { analysis_age_days: count('--days', options.days) }),
        ...(options.versions === undefined ? {} : { tag_versions_newer: count('--versions', options.versions) }),
        ...(options.max === undefined ? {} : { max_images_per_account: count('--max', options.max) }),
        ...(Object.keys(selector).length > 0 ? { selector } : {}),
        ...(options.allAccounts ? { system_global: true } : {}),
      };
      const data = await connect(cli, options).call(archivesOperations.create_analysis_archive_rule, { body });
      await show(cli, options.output, { data, rows: [data], columns: RULE_COLUMNS, id: (row) => row.rule_id });
    });

  serverCommand(noun, 'delete-rule <rule>', 'Delete a rule', [
    'windlass archive delete-rule 1b2c…',
    'nothing is undone',
  ]).action(async (rule: string, options: ServerOptions) => {
    await connect(cli, options).call(archivesOperations.delete_analysis_archive_rule, { params: { rule_id: rule } });
    await showOne(cli, options.output, {
      data: { rule_id: rule, deleted: true },
      id: rule,
      fields: [['Deleted', rule]],
    });
  });
}

function count(option: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw usageFailure(`${option} ${text} is no number`, 'Give a whole number, as in 90.');
  return Number(text);
}
