import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { jsonPieces } from '../terminal/json.ts';
import { type Progress, progressLine } from '../terminal/progress.ts';
import { styleFor } from '../terminal/style.ts';
import { type AnalysedSource, analyseSource, checkSource } from './analyse.ts';
import { isIncomplete, scanCoverage } from './coverage.ts';
import { type ScanResult, sbomDocument, scanDocument } from './document.ts';
import { type ScanOutput, writeOutput } from './outputs.ts';
import { scanReport } from './report.ts';
import type { ScanRequest } from './request.ts';
import { reaches } from './severity.ts';

/** Scans a source and writes the results. Returns the exit code; throws when there is no result. */
export async function runScan(cli: CliContext, request: ScanRequest): Promise<ExitCode> {
  const progress = progressLine(cli, request.progress);
  try {
    const result = await scan(cli, request, progress);
    progress.end();
    for (const output of request.outputs) await writeResult(cli, output, result);
    return exitCode(result, request);
  } finally {
    progress.end();
  }
}

/** An SBOM alone needs neither vulnerability data nor a policy. */
function wantsFindings({ packagesOnly, outputs, failOn, policyFile }: ScanRequest): boolean {
  if (packagesOnly) return false;
  return (
    failOn !== undefined ||
    policyFile !== undefined ||
    outputs.some(({ format }) => format === 'table' || format === 'json')
  );
}

async function scan(cli: CliContext, request: ScanRequest, progress: Progress): Promise<ScanResult> {
  if (!wantsFindings(request)) {
    const source = await analyseSource(cli, request, progress);
    return {
      source,
      found: undefined,
      evaluation: undefined,
      coverage: scanCoverage(source.analysis, undefined, undefined),
    };
  }
  // What the user may have mistyped is looked at before the long work.
  await checkSource(request.source);
  const { judge, loadPolicy } = await import('./judge.ts');
  const policy = await loadPolicy(request.policyFile);
  const { openVulnerabilityData } = await import('./vulnerability-data.ts');
  const data = await openVulnerabilityData(cli, request, progress);
  try {
    const source: AnalysedSource = await analyseSource(cli, request, progress);
    progress.update('matching …');
    const { findVulnerabilities } = await import('./find-vulnerabilities.ts');
    const now = cli.now();
    const found = findVulnerabilities(source.analysis, data.index, now);
    const evaluation = judge(source, found, data.index, { policy, tag: request.tag, now });
    return { source, found, evaluation, coverage: scanCoverage(source.analysis, found.coverage, data) };
  } finally {
    await data.index.close();
  }
}

async function writeResult(cli: CliContext, output: ScanOutput, result: ScanResult): Promise<void> {
  await writeOutput(output, cli.stdout, await render(cli, output, result));
}

async function render(cli: CliContext, { format, file }: ScanOutput, result: ScanResult): Promise<Iterable<string>> {
  if (format === 'json') return jsonPieces(scanDocument(result), 'line');
  if (format !== 'table') return jsonPieces(await sbomDocument(format, result.source.analysis), 'line');
  const toTerminal = file === undefined && cli.stdout.isTerminal;
  const style = toTerminal || file === undefined ? styleFor(cli.stdout, cli.env) : (_: unknown, text: string) => text;
  return scanReport(result, { style, ...(toTerminal ? { width: cli.stdout.columns } : {}) });
}

function exitCode(
  { found, evaluation, coverage }: ScanResult,
  { failOn, policyFile, allowIncomplete }: ScanRequest,
): ExitCode {
  // The built-in policy informs; only a policy that was asked for decides.
  if (policyFile !== undefined && evaluation?.status === 'fail') return EXIT.failed;
  if (failOn !== undefined && found?.findings.some(({ detail }) => reaches(detail.severity, failOn)))
    return EXIT.failed;
  return isIncomplete(coverage) && !allowIncomplete ? EXIT.incomplete : EXIT.ok;
}
