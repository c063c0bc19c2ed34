import type { Client } from '#client/index.ts';
import { imageCheckOperations } from '#contract/image-check.ts';
import { imageContentOperations } from '#contract/image-content.ts';
import { imageVulnerabilitiesOperations } from '#contract/image-vulnerabilities.ts';
import type { CliContext } from '../cli/context.ts';
import { compareSeverity, SEVERITIES } from '../cli/scan/severity.ts';
import { printable, styleFor, styleWord } from '../cli/terminal/style.ts';
import { type Column, drawTable } from '../cli/terminal/table.ts';

const LISTED = 12;

/** Prints packages, findings and the verdict of an image, read from the API. */
export async function reportDemo(cli: CliContext, client: Client, digest: string, tag: string): Promise<void> {
  await packages(cli, client, digest);
  await findings(cli, client, digest);
  await verdict(cli, client, digest, tag);
}

async function packages(cli: CliContext, client: Client, digest: string): Promise<void> {
  const style = styleFor(cli.stdout, cli.env);
  const { items = [] } = await client.call(imageContentOperations.get_image_content_summary, {
    params: { image_digest: digest },
  });
  const counts = items.map(({ content_type: type, count }) => `${type} ${count}`);
  await cli.stdout.write(`\n${style('bold', 'Contents')}  ${printable(counts.join(', '))}\n`);
}

async function findings(cli: CliContext, client: Client, digest: string): Promise<void> {
  const style = styleFor(cli.stdout, cli.env);
  const { vulnerabilities = [] } = await client.call(
    imageVulnerabilitiesOperations.get_image_vulnerabilities_by_digest,
    {
      params: { image_digest: digest, vuln_type: 'all' },
      query: { vendor_only: false },
    },
  );
  const severityOf = (row: { severity?: string | undefined }) =>
    SEVERITIES.find((known) => known === row.severity) ?? 'Unknown';
  const counts = SEVERITIES.map(
    (severity) => [severity, vulnerabilities.filter((row) => severityOf(row) === severity).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${styleWord(style, severity.toLowerCase())}`);
  await cli.stdout.write(`\n${style('bold', 'Vulnerabilities')}  ${vulnerabilities.length}: ${counts.join(', ')}\n\n`);
  const worst = [...vulnerabilities].sort(
    (a, b) => compareSeverity(severityOf(a), severityOf(b)) || Number(b.is_kev ?? false) - Number(a.is_kev ?? false),
  );
  const columns: Column<(typeof worst)[number]>[] = [
    { title: 'severity', value: (row) => row.severity, keep: true, word: true },
    { title: 'vulnerability', value: (row) => row.vuln, keep: true },
    { title: 'package', value: (row) => row.package_name },
    { title: 'installed', value: (row) => row.package_version },
    { title: 'fixed in', value: (row) => (row.fix === 'None' ? '' : row.fix) },
    { title: 'kev', value: (row) => (row.is_kev ? 'KEV' : '') },
  ];
  await cli.stdout.write(drawTable(worst.slice(0, LISTED), columns, { style, ...widthOf(cli) }));
  if (worst.length > LISTED) await cli.stdout.write(`… and ${worst.length - LISTED} more.\n`);
}

async function verdict(cli: CliContext, client: Client, digest: string, tag: string): Promise<void> {
  const style = styleFor(cli.stdout, cli.env);
  const { evaluations = [] } = await client.call(imageCheckOperations.get_image_policy_check_by_digest, {
    params: { image_digest: digest },
    query: { tag },
  });
  const [latest] = evaluations;
  await cli.stdout.write(
    `\n${style('bold', 'Policy')}  ${styleWord(style, (latest?.status ?? 'unknown').toUpperCase())} (${styleWord(style, latest?.final_action ?? '')}) by ${printable(latest?.details?.policy.name ?? '')}\n\n`,
  );
  const reasons = (latest?.details?.findings ?? []).filter(
    ({ action, allowlisted }) => action !== 'go' && !allowlisted,
  );
  // What stops comes first, and what is no vulnerability before the many that are.
  reasons.sort(
    (a, b) =>
      Number(b.action === 'stop') - Number(a.action === 'stop') ||
      Number(a.gate === 'vulnerabilities') - Number(b.gate === 'vulnerabilities'),
  );
  const columns: Column<(typeof reasons)[number]>[] = [
    { title: 'action', value: (row) => row.action, keep: true, word: true },
    { title: 'rule', value: (row) => `${row.gate}/${row.trigger}`, keep: true },
    { title: 'reason', value: (row) => row.message },
  ];
  await cli.stdout.write(drawTable(reasons.slice(0, LISTED), columns, { style, ...widthOf(cli) }));
  if (reasons.length > LISTED) await cli.stdout.write(`… and ${reasons.length - LISTED} more.\n`);
}

function widthOf({ stdout }: CliContext): { width?: number } {
  return stdout.isTerminal ? { width: stdout.columns } : {};
}
