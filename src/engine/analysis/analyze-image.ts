import { distroLookup } from '../analyzers/distro-lookup.ts';
import { analyzers as allAnalyzers, assembleEvidence } from '../analyzers/index.ts';
import type { Analyzer, AnalyzerSettings, Evidence } from '../analyzers/types.ts';
import type { ImageView, OpenImage } from '../image/types.ts';
import type { Analysis, LayerSummary } from '../model/analysis.ts';
import type { Problem } from '../model/problem.ts';
import { analyzerSetVersion, type LayerCache } from './layer-codec.ts';
import type { LayerPool } from './layer-pool.ts';
import type { LayerRecord } from './layer-record.ts';
import { type AnalysisLimits, DEFAULT_LIMITS } from './limits.ts';
import { locateFacts } from './located-facts.ts';
import { type ReadLayers, readLayers } from './read-layers.ts';
import { squash } from './squash.ts';
import { SquashedTree } from './squashed-tree.ts';

/** How far an analysis has come. */
export interface AnalysisProgress {
  stage: 'layers' | 'squash' | 'analyzers' | 'done';
  layersDone: number;
  layersTotal: number;
  /** Compressed bytes. Layers taken from the cache count as read. */
  bytesDone: number;
  bytesTotal: number;
}

/** Options of `analyzeImage`. */
export interface AnalyzeOptions {
  settings: AnalyzerSettings;
  /** Only packages: no digests, secrets, searches or file list. */
  packagesOnly?: boolean;
  /** Own analyzers. They run in the calling thread; the built-in ones run in worker threads. */
  analyzers?: readonly Analyzer[];
  cache?: LayerCache;
  /** Shared threads. Default: threads of its own, stopped at the end. */
  pool?: LayerPool;
  signal?: AbortSignal;
  onProgress?(progress: AnalysisProgress): void;
  limits?: Partial<AnalysisLimits>;
  /** Where files too large for memory are put while they are read. Default: the system's temporary directory. */
  spoolDirectory?: string;
}

/**
 * Analyses an image: reads each distinct layer once (or takes it from the cache), squashes, and lets the analyzers
 * collect. Equal images, analyzers and settings give equal results. Layers that cannot be read in part or as a whole
 * make the result partial, with problems. Throws when the source cannot be reached or refuses (`RegistryError`), and
 * the signal's reason when aborted.
 */
export async function analyzeImage(image: OpenImage, options: AnalyzeOptions): Promise<Analysis> {
  const analyzers = options.analyzers ?? allAnalyzers;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const read = await readLayers(image, analyzers, limits, options);
  options.signal?.throwIfAborted();
  const summaries = summarise(image, read.records);
  const progress = (stage: AnalysisProgress['stage']): void => options.onProgress?.({ ...read.progress, stage });
  progress('squash');
  const chosen = analyzers.filter((analyzer) => !options.packagesOnly || analyzer.kind === 'packages');
  const layers = { records: read.records, summaries };
  const result = await collectEvidence(layers, chosen, options, image, () => progress('analyzers'));
  const problems = sortProblems([
    ...image.problems,
    ...read.problems,
    ...diffIdProblems(image, read),
    ...result.problems,
  ]);
  progress('done');
  return {
    schema: 1,
    analyzerVersion: analyzerSetVersion(analyzers),
    source: { kind: 'image', name: image.reference },
    image: image.metadata,
    manifest: Buffer.from(image.manifest).toString('utf8'),
    layers: summaries,
    ...result.evidence,
    ...(options.packagesOnly ? {} : { files: [...result.tree.nodes()] }),
    problems,
  };
}

/** Squashes records and runs the second phase of the analyzers over them. */
export async function collectEvidence(
  layers: { records: readonly LayerRecord[]; summaries: LayerSummary[] },
  analyzers: readonly Analyzer[],
  options: Pick<AnalyzeOptions, 'settings' | 'signal'>,
  image: Pick<OpenImage, 'metadata'> | undefined,
  onSquashed: () => void,
): Promise<{
  evidence: Omit<ReturnType<typeof assembleEvidence>, 'problems'>;
  problems: Problem[];
  tree: SquashedTree;
}> {
  const squashed = squash(layers.records);
  const tree = new SquashedTree(squashed.root, layers.records);
  const facts = locateFacts(layers.records, tree);
  onSquashed();
  const view: ImageView = { tree, layers: layers.summaries, ...(image ? { metadata: image.metadata } : {}) };
  const collected: { analyzer: string; evidence: Evidence }[] = [];
  let distroFor = distroLookup([]);
  // The distribution is what other analyzers ask for, so it comes first.
  const ordered = [...analyzers].sort((a, b) => Number(b.name === 'distro') - Number(a.name === 'distro'));
  for (const analyzer of ordered) {
    await breathe();
    options.signal?.throwIfAborted();
    const evidence = collect(analyzer, view, facts.get(analyzer.name) ?? [], { settings: options.settings, distroFor });
    if (evidence.distros) distroFor = distroLookup(evidence.distros);
    collected.push({ analyzer: analyzer.name, evidence });
  }
  await breathe();
  const { problems, ...evidence } = assembleEvidence(view, collected);
  return { evidence, tree, problems: [...layerProblems(layers, squashed.problems, tree), ...problems] };
}

/** Lets timers and sockets have their turn between long steps. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function collect(analyzer: Analyzer, ...args: Parameters<Analyzer['collect']>): Evidence {
  try {
    return analyzer.collect(...args);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The ${analyzer.name} analyzer failed: ${reason}; what it would have listed is missing.`;
    return { problems: [{ code: 'analyzer-failed', message, severity: 'partial', source: analyzer.name }] };
  }
}

/** Problems of layers. Those about single files count only while the file is visible. */
function layerProblems(
  layers: { records: readonly LayerRecord[]; summaries: LayerSummary[] },
  squashing: readonly { layer: number; problem: Problem }[],
  tree: SquashedTree,
): Problem[] {
  const own = layers.records.flatMap((record, layer) => record.problems.map((problem) => ({ layer, problem })));
  const relevant = own.filter(({ layer, problem }) => {
    return problem.path === undefined || problem.source === 'layer' || tree.get(problem.path)?.layer === layer;
  });
  return [...relevant, ...squashing].map(({ layer, problem }) => {
    const digest = layers.summaries[layer]?.digest;
    return digest === undefined ? problem : { ...problem, layer: digest };
  });
}

function summarise(image: OpenImage, records: readonly LayerRecord[]): LayerSummary[] {
  const steps = image.metadata.history.filter((step) => !step.empty_layer);
  const aligned = steps.length === image.layers.length;
  return image.layers.map((descriptor, i) => {
    const record = records[i]!;
    const createdBy = aligned ? steps[i]?.created_by : undefined;
    return {
      digest: descriptor.digest,
      diffId: record.diffId,
      mediaType: descriptor.mediaType,
      size: record.size,
      rawSize: record.rawSize,
      entries: record.entryCount,
      ...(createdBy === undefined ? {} : { createdBy }),
      complete: record.complete,
    };
  });
}

/** Compares computed diff-ids with those that the config claims. Nothing is ever stored under a claimed one. */
function diffIdProblems(image: OpenImage, read: ReadLayers): Problem[] {
  const problems: Problem[] = [];
  const { claimedDiffIds } = image;
  if (claimedDiffIds.length === 0) return problems;
  if (claimedDiffIds.length !== image.layers.length) {
    const message = `The configuration names ${claimedDiffIds.length} layers, the manifest ${image.layers.length}.`;
    problems.push({ code: 'diff-id-mismatch', message, severity: 'partial', source: 'image' });
    return problems;
  }
  for (const [i, record] of read.records.entries()) {
    if (!record.complete || record.diffId === claimedDiffIds[i]) continue;
    const message = `Layer ${i} has the diff-id ${record.diffId}, but the configuration claims ${claimedDiffIds[i]}.`;
    problems.push({
      code: 'diff-id-mismatch',
      message,
      severity: 'partial',
      layer: image.layers[i]!.digest,
      source: 'image',
    });
  }
  return problems;
}

/** Sorted, without repetitions. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const keyed = new Map<string, Problem>();
  for (const problem of problems) {
    const { source, layer = '', path = '', code, message } = problem;
    keyed.set(JSON.stringify([source, layer, path, code, message]), problem);
  }
  return [...keyed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem);
}
