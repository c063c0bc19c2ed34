import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Client } from '#client/index.ts';
import { sourceImportsOperations } from '#contract/source-imports.ts';
import { sourcesOperations } from '#contract/sources.ts';
import type { CliContext } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliFailure, usageFailure } from '../../failure.ts';
import { type GitState, gitState } from '../../git-state.ts';
import { analyseSource } from '../../scan/analyse.ts';
import { localRequest } from '../../scan/local-request.ts';
import { noteProblems } from '../../scan/problems.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { progressLine } from '../../terminal/progress.ts';
import { parseDuration } from '../../terminal/size.ts';
import { showSource } from './show-source.ts';

interface AddOptions extends ServerOptions {
  host?: string;
  repository?: string;
  revision?: string;
  branch?: string;
  author?: string;
  workflow?: string;
  wait?: boolean;
  timeout: string;
  quiet?: boolean;
}

const PAUSE_MS = 250;

/** `source add`: analyse a work tree here, or take an SBOM, and send it. */
export function defineAdd(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  serverCommand(
    noun,
    'add [path]',
    'Analyse a folder on this machine, or take an SBOM, and tell the server what the source holds',
    ['windlass source add .', 'the work tree here; host, repository, revision and branch as git knows them'],
    [
      'windlass source add sbom:sbom.json --host git.example.com --repository team/web --revision 1f2e3d',
      'an SBOM of any tool',
    ],
  )
    .option('--host <host>', 'where the repository lies (default: that of the remote "origin")')
    .option('--repository <name>', 'its name there (default: that of the remote "origin")')
    .option('--revision <id>', 'what is described (default: the commit that is checked out)')
    .option('--branch <name>', 'branch (default: the one that is checked out)')
    .option('--author <name>', 'who made the change')
    .option('--workflow <name>', 'workflow of the CI that this belongs to')
    .option('--wait', 'wait until the server has matched it')
    .option('--timeout <time>', 'longest wait: 90s, 15m, 2h', '10m')
    .option('-q, --quiet', 'no progress')
    .action(async (path: string | undefined, options: AddOptions) => {
      const target = path ?? '.';
      const identity = await identityOf(target, options);
      const client = connect(cli, options);
      const progress = progressLine(cli, options.quiet ? 'off' : 'auto');
      try {
        const source = target === '-' || /^(dir|sbom):/.test(target) ? target : await kindOf(target);
        const { kind, analysis } = await analyseSource(cli, localRequest(source, {}), progress);
        if (kind === 'image') throw usageFailure(`${target} is an image`, 'Images are added with: windlass image add.');
        noteProblems(progress, analysis.problems);
        if (analysis.packages.length === 0)
          progress.note(`no packages were found in ${target}: neither lock files nor installed packages`);
        progress.update('sending …');
        const { nativeSbom } = await import('#engine/sbom/index.ts');
        const { uuid } = await client.call(
          sourceImportsOperations.create_sources_operation,
          {},
          { signal: cli.signal },
        );
        const params = { operation_id: uuid! };
        const { digest } = await client.call(
          sourceImportsOperations.upload_import_sources_sbom,
          { params, body: nativeSbom(analysis) },
          { signal: cli.signal },
        );
        let added = await client.call(sourceImportsOperations.finalize_operation, {
          params,
          body: { ...identity, contents: { sbom: digest! } },
        });
        if (options.wait) added = await waitForSource(cli, client, added.uuid!, options.timeout);
        progress.end();
        if (added.analysis_status === 'analysis_failed') exit(EXIT.incomplete);
        await showSource(cli, options.output, added);
      } finally {
        progress.end();
      }
    });
}

/** A path alone is a folder or an SBOM; never the name of an image. */
async function kindOf(path: string): Promise<string> {
  const { stat } = await import('node:fs/promises');
  return (await stat(path)).isDirectory() ? `dir:${path}` : `sbom:${path}`;
}

async function identityOf(target: string, options: AddOptions) {
  const folder = /^(sbom:|-)/.test(target) ? '.' : target.replace(/^dir:/, '');
  const git: GitState = await gitState(folder);
  const host = options.host ?? git.host;
  const repository_name = options.repository ?? git.repository;
  const revision = options.revision ?? git.revision;
  const branch = options.branch ?? git.branch;
  for (const [name, value] of Object.entries({ host, repository: repository_name, revision }))
    if (!value) throw usageFailure(`git does not tell the ${name} of ${folder}`, `Name it: --${name}.`);
  return {
    host: host!,
    repository_name: repository_name!,
    revision: revision!,
    ...(branch ? { branch_name: branch } : {}),
    ...(options.author ? { change_author: options.author } : {}),
    ...(options.workflow ? { ci_workflow_name: options.workflow } : {}),
  };
}

async function waitForSource(cli: CliContext, client: Client, uuid: string, timeout: string) {
  const timeoutMs = parseDuration(timeout);
  if (timeoutMs === undefined) throw usageFailure(`"${timeout}" is no time`, 'Write it as 90s, 15m or 2h.');
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const source = await client.call(sourcesOperations.get_source, { params: { source_id: uuid } });
    if (source.analysis_status === 'analyzed' || source.analysis_status === 'analysis_failed') return source;
    if (performance.now() >= deadline)
      throw new CliFailure(`source ${uuid} is still not analysed: ${source.analysis_status}`, {
        exitCode: EXIT.timeout,
        hint: 'The server goes on; ask again with windlass source get, or wait longer with --timeout.',
      });
    await sleep(PAUSE_MS, undefined, { signal: cli.signal });
  }
}
