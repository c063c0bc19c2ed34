import type { PolicyTarget } from '#engine/policy/index.ts';
import type { AnalysedSource } from './analyse.ts';

/**
 * What is judged. Images, and everything with a distribution, by the mappings and rule sets for images; other
 * directories and SBOMs as sources of the host `localhost`.
 */
export function policyTarget(
  { kind, analysis, tag }: AnalysedSource,
  request: { tag?: string | undefined },
): PolicyTarget {
  const { image } = analysis;
  const name = request.tag ?? tag;
  const target = {
    imageDigest: image?.manifestDigest ?? '',
    imageId: (image?.imageId ?? '').replace(/^sha256:/, ''),
    ...(name === undefined ? {} : { tag: name }),
  };
  const isSource = kind !== 'image' && analysis.distro === undefined && name === undefined;
  return isSource ? { ...target, source: { host: 'localhost', repository: analysis.source.name } } : target;
}
