import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnalysisProgress } from '#engine/analysis/index.ts';
import type { AnalyzerSettings } from '#engine/analyzers/types.ts';
import type { CredentialSource, OpenImage } from '#engine/image/index.ts';
import type { Analysis } from '#engine/model/analysis.ts';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { readSecret } from '../read-secret.ts';
import type { Progress } from '../terminal/progress.ts';
import { formatBytes } from '../terminal/size.ts';
import { cacheFolder } from './cache-folder.ts';
import { diskLayerCache } from './layer-cache.ts';
import type { ScanRequest } from './request.ts';

/** An SBOM is JSON that is read whole. */
const MAX_SBOM_BYTES = 512 * 1024 * 1024;
const LAYER_CACHE_BYTES = 1024 ** 3;

/** What a source was found to be. */
export interface AnalysedSource {
  kind: 'image' | 'directory' | 'sbom';
  analysis: Analysis;
  /** Full tag that the image was named by, for policy mappings. */
  tag?: string;
}

/** Opens and analyses the source that the user named. Throws RegistryError, SbomError or CliFailure. */
export async function analyseSource(
  cli: CliContext,
  request: ScanRequest,
  progress: Progress,
): Promise<AnalysedSource> {
  // An SBOM named as such needs neither registries nor analyzers; leaving them unloaded makes the scan quick.
  if (request.source === '-') return analyseSbom('-', cli);
  if (request.source.startsWith('sbom:')) return analyseSbom(request.source.slice('sbom:'.length), cli);
  const { openSource, recogniseSource, parseReference, formatReference } = await import('#engine/image/index.ts');
  const { kind, target } = await recogniseSource(request.source);
  if (kind === 'sbom') return analyseSbom(target, cli);
  if (kind === 'dir') return analyseTree(cli, target, request, progress);
  const source = await openSource(request.source, await sourceOptions(cli, request));
  if (source.kind !== 'image') throw usageFailure(`${request.source} is no image`);
  const analysis = await analyseOpenImage(cli, source.image, request, progress);
  if (request.tag !== undefined) return { kind: 'image', analysis, tag: request.tag };
  if (kind !== 'registry') return { kind: 'image', analysis };
  const { registry, repository, tag } = parseReference(target);
  return {
    kind: 'image',
    analysis,
    ...(tag === undefined ? {} : { tag: formatReference({ registry, repository, tag }) }),
  };
}

/** Throws RegistryError or CliFailure when the text names nothing that could be scanned. Asks no registry. */
export async function checkSource(text: string): Promise<void> {
  if (text === '-' || text === 'sbom:-') return;
  if (text.startsWith('sbom:')) {
    await stat(text.slice('sbom:'.length));
    return;
  }
  const { recogniseSource, parseReference } = await import('#engine/image/index.ts');
  const { kind, target } = await recogniseSource(text);
  if (kind === 'registry') parseReference(target);
}

async function sourceOptions(
  cli: CliContext,
  request: ScanRequest,
): Promise<Parameters<typeof import('#engine/image/index.ts').openSource>[1]> {
  const ca = request.caFile === undefined ? undefined : await readFile(request.caFile, 'utf8');
  return {
    fetcher: await cli.fetcher(),
    credentials: await credentials(cli, request),
    signal: cli.signal,
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...(request.insecure ? { insecure: true } : {}),
    ...(request.platform === undefined ? {} : { platform: request.platform }),
  };
}

async function credentials(cli: CliContext, { username, password }: ScanRequest): Promise<CredentialSource> {
  const { fixedCredentials, machineCredentials } = await import('#engine/image/index.ts');
  if (username === undefined && password === undefined) return machineCredentials();
  if (username === undefined || password === undefined) throw usageFailure('--username and --password belong together');
  const secret = password === '-' ? await readSecret(cli) : password;
  return fixedCredentials({ username, password: secret });
}

async function analyseOpenImage(
  cli: CliContext,
  image: OpenImage,
  request: ScanRequest,
  progress: Progress,
): Promise<Analysis> {
  const { analyzeImage } = await import('#engine/analysis/index.ts');
  const cache = request.useCache ? diskLayerCache(join(cacheFolder(cli.env), 'layers'), LAYER_CACHE_BYTES) : undefined;
  try {
    return await analyzeImage(image, {
      settings: await settingsOf(request),
      packagesOnly: request.packagesOnly,
      signal: cli.signal,
      onProgress: (state) => progress.update(describe(state)),
      ...(cache ? { cache } : {}),
    });
  } finally {
    await image.close();
    await cache?.trim();
  }
}

function describe({ stage, layersDone, layersTotal, bytesDone, bytesTotal }: AnalysisProgress): string {
  if (stage !== 'layers') return 'analysing …';
  return `reading layers ${layersDone}/${layersTotal}, ${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`;
}

async function analyseTree(
  cli: CliContext,
  path: string,
  request: ScanRequest,
  progress: Progress,
): Promise<AnalysedSource> {
  const { analyzeDirectory } = await import('#engine/analysis/index.ts');
  progress.update(`reading ${path} …`);
  const analysis = await analyzeDirectory(path, {
    settings: await settingsOf(request),
    packagesOnly: request.packagesOnly,
    signal: cli.signal,
    onProgress: ({ bytesDone }) => progress.update(`reading ${path}, ${formatBytes(bytesDone)}`),
  });
  return { kind: 'directory', analysis };
}

async function analyseSbom(path: string, cli: CliContext): Promise<AnalysedSource> {
  const { readSbom } = await import('#engine/sbom/index.ts');
  return { kind: 'sbom', analysis: readSbom(path === '-' ? await readInput(cli.stdin()) : await readSbomFile(path)) };
}

async function readSbomFile(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > MAX_SBOM_BYTES)
    throw usageFailure(`${path} has ${formatBytes(size)}; SBOMs up to ${formatBytes(MAX_SBOM_BYTES)} are read`);
  return readFile(path);
}

async function readInput(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input) {
    size += chunk.length;
    if (size > MAX_SBOM_BYTES)
      throw usageFailure(`the SBOM on standard input is larger than ${formatBytes(MAX_SBOM_BYTES)}`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function settingsOf({ analyzerConfig: file }: ScanRequest): Promise<AnalyzerSettings> {
  const { AnalyzerConfigError, DEFAULT_SETTINGS, readAnalyzerConfig } = await import('#engine/analysis/index.ts');
  if (file === undefined) return DEFAULT_SETTINGS;
  try {
    return readAnalyzerConfig(await readFile(file, 'utf8'), DEFAULT_SETTINGS).settings;
  } catch (cause) {
    if (cause instanceof AnalyzerConfigError) throw usageFailure(`${file} cannot be used: ${cause.message}`);
    throw cause;
  }
}
