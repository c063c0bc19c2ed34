import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { jsonPieces } from '../terminal/json.ts';
import { type Progress, progressLine } from '../terminal/progress.ts';
import { styleFor } from '../terminal/style.ts';
import { type AnalysedSource, analyseSource, checkSource } from './analyse.ts';
import { isIncomplete, scanCoverage } from './coverage.ts';
import { type ScanResult, sbomDocument, scanDocument } from './document.ts';
import { type ScanOutput, writeOutput } from './outputs.ts';
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
      coverage: scanCoverage(source.analysis, undefined, undefined, cli.now()),
    };
  }
  // What the user may have mistyped is looked at before the long work.
  await checkSource(request.source);
  const { judge, loadPolicy } = await import('./judge.ts');
  const policy = await loadPolicy(request.policyFile);
  const { applyVex, readVexFiles } = await import('./apply-vex.ts');
  const statements = await readVexFiles(request.vexFiles ?? []);
  const { openVulnerabilityData } = await import('./vulnerability-data.ts');
  const data = await openVulnerabilityData(cli, request, progress);
  try {
    const source: AnalysedSource = await analyseSource(cli, request, progress);
    progress.update('matching …');
    const { DEFAULT_MATCH_SETTINGS } = await import('#engine/vulnerabilities/open-index.ts');
    const { findVulnerabilities } = await import('#engine/vulnerabilities/find-vulnerabilities.ts');
    const now = cli.now();
    const settings = { ...DEFAULT_MATCH_SETTINGS, now: now.toISOString() };
    const matched = findVulnerabilities(source.analysis, data.index, settings);
    const found = applyVex(matched, source, request.tag, statements);
    const coverage = scanCoverage(source.analysis, found.coverage, data, now);
    if (request.question) {
      const { explainScan } = await import('./explain.ts');
      const explanation = explainScan(source.analysis, found, data.index, settings, request.question);
      return { source, found, evaluation: undefined, coverage, explanation };
    }
    const evaluation = judge(source, found, data.index, { policy, tag: request.tag, now });
    return { source, found, evaluation, coverage };
  } finally {
    await data.index.close();
  }
}

async function writeResult(cli: CliContext, output: ScanOutput, result: ScanResult): Promise<void> {
  await writeOutput(output, cli.stdout, await render(cli, output, result));
}

async function render(cli: CliContext, { format, file }: ScanOutput, result: ScanResult): Promise<Iterable<string>> {
  const { explanation } = result;
  if (format === 'json') return explanation ? jsonPieces(explanation) : jsonPieces(scanDocument(result), 'line');
  if (format !== 'table') return jsonPieces(await sbomDocument(format, result.source.analysis), 'line');
  const toTerminal = file === undefined && cli.stdout.isTerminal;
  const style = toTerminal || file === undefined ? styleFor(cli.stdout, cli.env) : (_: unknown, text: string) => text;
  const look = { style, ...(toTerminal ? { width: cli.stdout.columns } : {}) };
  if (explanation) return (await import('../explanation-report.ts')).explanationReport(explanation, look);
  const { scanReport } = await import('./report.ts');
  return scanReport(result, look);
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
