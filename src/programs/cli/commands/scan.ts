import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { examples } from '../help.ts';
import { parseOutputs, SCAN_FORMATS } from '../scan/outputs.ts';
import type { ScanRequest } from '../scan/request.ts';
import { parseSeverity } from '../scan/severity.ts';

interface ScanOptions {
  output?: string[];
  packagesOnly?: boolean;
  db?: string;
  update: boolean;
  policy?: string;
  failOn?: string;
  explain?: string;
  package?: string;
  allowIncomplete?: boolean;
  tag?: string;
  analyzerConfig?: string;
  vex?: string[];
  platform?: string;
  username?: string;
  password?: string;
  insecure?: boolean;
  ca?: string;
  cache: boolean;
  progress?: boolean;
  quiet?: boolean;
}

/** `windlass scan`: the whole job on this machine, without a server. */
export function defineScan(command: Command, cli: CliContext, exit: (code: number) => void): void {
  command
    .argument(
      '<source>',
      'image reference, path, or KIND:TARGET with a kind of registry, docker-archive, oci-archive, oci-dir, dir, sbom; "-" is an SBOM on standard input',
    )
    .option(
      '-o, --output <format[=file]>',
      `${SCAN_FORMATS.join(', ')}; repeatable, at most one without a file`,
      collect,
    )
    .option('--packages-only', 'list packages only: no matching, no policy, no other evidence')
    .option(
      '--db <path|url>',
      'vulnerability database: folder or address of a latest.json, archive, or .db file (default: WINDLASS_FEED_URL, else the public one)',
    )
    .option('--no-update', 'use the database of the last scan without looking for a newer one')
    .option('--policy <file>', 'V2 policy document (default: the built-in policy)')
    .option('--fail-on <severity>', 'exit with 1 when a vulnerability is at least this severe')
    .option('--explain <vulnerability>', 'tell why it is reported, or why not, instead of a report; an id or alias')
    .option('--package <name>', 'with --explain: only this package')
    .option('--allow-incomplete', 'exit with 0 instead of 4 when a part could not be read or matched')
    .option(
      '--vex <file>',
      'VEX document (OpenVEX, CSAF 2.0, CycloneDX); repeatable. What it calls not affected or fixed is left out',
      collect,
    )
    .option(
      '--analyzer-config <file>',
      'YAML with secret_search, content_search and retrieve_files, as the server takes it',
    )
    .option('--tag <tag>', 'full tag to judge the image as, for the mappings of the policy')
    .option('--platform <os/arch>', 'platform of a multi-platform image, as in linux/arm64/v8 (default: linux/amd64)')
    .option('--username <name>', 'user name at the registry (default: the log-ins of docker and podman)')
    .option('--password <password>', 'password at the registry; "-" reads it from standard input')
    .option('--insecure', 'accept any certificate of the registry, and plain http')
    .option('--ca <file>', 'PEM file with certificate authorities to trust besides the usual ones')
    .option('--no-cache', 'read every layer anew')
    .option('--progress', 'show progress even when standard error is no terminal')
    .option('-q, --quiet', 'no progress and no warnings')
    .addHelpText(
      'after',
      examples(
        ['windlass scan debian:12', 'an image of a registry'],
        ['windlass scan app.tar -o table -o cyclonedx-json=sbom.json', 'an archive; report and SBOM'],
        ['windlass scan sbom:sbom.json --fail-on high', 'a gate for a pipeline'],
        ['windlass scan app:1.4 --vex vendor.openvex.json', 'without what the vendor rules out'],
        ['windlass scan dir:. --packages-only -o json', 'what is in this folder'],
        ['windlass scan app.tar --explain CVE-2023-5363', 'why it is reported, or why not'],
      ),
    )
    .action(async (source: string, options: ScanOptions) => {
      const { runScan } = await import('../scan/run-scan.ts');
      exit(await runScan(cli, scanRequest(source, options)));
    });
}

function collect(value: string, list: string[] | undefined): string[] {
  return [...(list ?? []), value];
}

/** The request that the options stand for. Throws CliFailure. */
export function scanRequest(source: string, options: ScanOptions): ScanRequest {
  checkQuestion(options);
  const { explain, package: about } = options;
  const { db, policy, failOn, tag, analyzerConfig, platform, username, password, ca } = options;
  return {
    source,
    outputs: parseOutputs(options.output ?? []),
    packagesOnly: options.packagesOnly ?? false,
    update: options.update,
    allowIncomplete: options.allowIncomplete ?? false,
    insecure: options.insecure ?? false,
    useCache: options.cache,
    progress: options.quiet ? 'off' : options.progress ? 'on' : 'auto',
    ...(db === undefined ? {} : { database: db }),
    ...(explain === undefined
      ? {}
      : { question: { vulnerability: explain, ...(about === undefined ? {} : { package: about }) } }),
    ...(policy === undefined ? {} : { policyFile: policy }),
    ...(failOn === undefined ? {} : { failOn: parseSeverity(failOn) }),
    ...(options.vex === undefined ? {} : { vexFiles: options.vex }),
    ...(tag === undefined ? {} : { tag }),
    ...(analyzerConfig === undefined ? {} : { analyzerConfig }),
    ...(platform === undefined ? {} : { platform }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { caFile: ca }),
  };
}

/** A question is answered by one document, a table or JSON. Throws CliFailure. */
function checkQuestion({ explain, package: about, packagesOnly, output = [] }: ScanOptions): void {
  if (explain === undefined) {
    if (about !== undefined) throw usageFailure('--package belongs to --explain');
    return;
  }
  if (packagesOnly) throw usageFailure('--explain needs vulnerability data, which --packages-only leaves out');
  const [other] = parseOutputs(output).filter(({ format }) => format !== 'table' && format !== 'json');
  if (other) throw usageFailure(`--explain has the formats table and json, not ${other.format}`);
}
