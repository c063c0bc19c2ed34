import type { FileHead, FileReader, ImageView, LocatedFact } from '../image/types.ts';
import type { DockerfileFact, RetrievedFile, SearchHit } from '../model/analysis.ts';
import type { Distro } from '../model/distro.ts';
import type { Package, Relationship } from '../model/package.ts';
import type { Problem } from '../model/problem.ts';

/** What one analyzer contributes to the analysis of an image. */
export interface Evidence {
  /** Packages without `id`, `ownedBy`: the frame fills these. */
  packages?: Omit<Package, 'id' | 'ownedBy'>[];
  /** Only the distro analyzer. Keyed by root of the file system it speaks of; `/` is the image's own. */
  distros?: { root: string; distro: Distro }[];
  relationships?: Relationship[];
  secrets?: SearchHit[];
  contentSearch?: SearchHit[];
  retrievedFiles?: RetrievedFile[];
  dockerfile?: DockerfileFact;
  problems?: Problem[];
}

/** Settings an operator may change; part of the cache key of a layer. */
export interface AnalyzerSettings {
  /** Largest file searched for secrets, bytes. */
  secretSearchMaxFileSize: number;
  /** Extra or replacing secret rules; undefined = built-in rules. `name` and a JavaScript-compatible regex. */
  secretRules?: { name: string; regex: string }[];
  contentRules: { name: string; regex: string }[];
  /** Exact paths to capture. */
  retrieveFiles: string[];
  retrieveMaxFileSize: number;
  /** Believe what `/anchore_hints.json` of an image says of its packages. */
  hints?: boolean;
}

/**
 * An analyzer: finds one kind of evidence in an image. It works in two phases so that each layer is read once,
 * in its own thread, and cached by blob digest:
 *
 * 1. `select` + the returned reader run in the layer's worker for every regular file and turn it into a *fact*.
 *    They see one layer only, so decide on magic bytes as well as on names: links of other layers may give a file
 *    another name. They must not throw on bad input: return a fact that carries the problem.
 * 2. `collect` runs once per image, after squashing, with the facts whose files are still visible.
 */
export interface Analyzer<Fact = unknown> {
  /** Folder name, e.g. `dpkg`. */
  name: string;
  /** Raise on any change of facts or output: it is part of the layer cache key. */
  version: number;
  /** `packages`: always runs. `evidence`: skipped by `--packages-only`. */
  kind: 'packages' | 'evidence';
  /** Must be cheap: called for every file. */
  select(file: FileHead, settings: AnalyzerSettings): FileReader<Fact> | undefined;
  collect(image: ImageView, facts: LocatedFact<Fact>[], context: CollectContext): Evidence;
}

/** Results of analyzers that ran before: the distro analyzer runs first. */
export interface CollectContext {
  settings: AnalyzerSettings;
  /** Distro of the nearest root above `path`, else the image's own. */
  distroFor(path: string): Distro | undefined;
}
