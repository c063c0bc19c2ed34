import { readFile } from 'node:fs/promises';
import type { Client } from '#client/index.ts';
import type { AnchoreImage } from '#contract/images-schemas.ts';
import type { CliContext } from '../../context.ts';
import { usageFailure } from '../../failure.ts';
import { analyseSource } from '../../scan/analyse.ts';
import { localRequest } from '../../scan/local-request.ts';
import { noteProblems } from '../../scan/problems.ts';
import { sendImage } from '../../send-image.ts';
import { progressLine } from '../../terminal/progress.ts';

/** What `image add --from` takes from the command line. */
export interface LocalOptions {
  platform?: string;
  tag?: string;
  dockerfile?: string;
  annotations?: Record<string, string>;
  quiet?: boolean;
  query: { force?: boolean; auto_subscribe?: boolean };
}

/**
 * Analyses images on this machine and sends what was found. `from` is `local`, each image then is what its registry
 * has, or a source of a scan, which takes one image. Throws CliFailure, RegistryError or ApiError.
 */
export async function addLocal(
  cli: CliContext,
  client: Client,
  names: readonly string[],
  from: string,
  options: LocalOptions,
): Promise<AnchoreImage[]> {
  if (from !== 'local' && names.length !== 1)
    throw usageFailure(`--from ${from} is one image, and ${names.length} were named`);
  const dockerfile = options.dockerfile === undefined ? undefined : await readFile(options.dockerfile, 'utf8');
  const progress = progressLine(cli, options.quiet ? 'off' : 'auto');
  const added: AnchoreImage[] = [];
  try {
    for (const name of names) {
      const source = from === 'local' ? `registry:${name}` : from;
      const tag = tagOf(name, options.tag);
      const { kind, analysis } = await analyseSource(cli, localRequest(source, options), progress);
      if (kind !== 'image')
        throw usageFailure(`${source} is no image`, 'Directories and SBOMs are added with: windlass source add.');
      noteProblems(progress, analysis.problems, name);
      added.push(
        await sendImage(
          client,
          analysis,
          { tags: [tag], dockerfile, annotations: options.annotations, query: options.query },
          { signal: cli.signal, onStep: (step) => progress.update(step) },
        ),
      );
    }
  } finally {
    progress.end();
  }
  return added;
}

/** The name that the image is known by: a tag, also where the image itself is named by digest. */
function tagOf(name: string, tag: string | undefined): string {
  if (tag !== undefined) return tag;
  const at = name.indexOf('@');
  if (at < 0) return name;
  const named = name.slice(0, at);
  if (/:[^/]+$/.test(named)) return named;
  throw usageFailure(`${name} has no tag to be known by`, 'Add one: --tag NAME:TAG.');
}
