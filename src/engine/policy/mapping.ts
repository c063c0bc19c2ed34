import type { RegexRunner } from './bounded-regex.ts';
import type { ImageRef, ImageSelectionRule, MappingRule, SourceMappingRule } from './document.ts';
import { parseImageName } from './image-name.ts';
import { compileSelector, type Selector, selects } from './selector.ts';
import type { PolicyTarget } from './types.ts';

/** A mapping or image list entry with its patterns compiled. */
export interface ImageSelector<Rule> {
  rule: Rule;
  registry: Selector;
  repository: Selector;
  image: { type: 'tag'; tag: Selector } | { type: 'digest' | 'id'; value: string };
}

/** A source mapping with its patterns compiled. */
export interface SourceSelector {
  rule: SourceMappingRule;
  host: Selector;
  repository: Selector;
}

/** Compiles a mapping or an image list entry. Throws a SyntaxError for a bad `regexp:` pattern. */
export function compileImageSelector<Rule extends { registry: string; repository: string; image: ImageRef }>(
  rule: Rule,
): ImageSelector<Rule> {
  const { type, value } = rule.image;
  return {
    rule,
    registry: compileSelector(rule.registry === 'dockerhub' ? 'docker.io' : rule.registry),
    repository: compileSelector(rule.repository),
    image: type === 'tag' ? { type, tag: compileSelector(value) } : { type, value },
  };
}

/** Compiles a source mapping. Throws a SyntaxError for a bad `regexp:` pattern. */
export function compileSourceSelector(rule: SourceMappingRule): SourceSelector {
  return { rule, host: compileSelector(rule.host), repository: compileSelector(rule.repository) };
}

/**
 * The first entry that selects the target, in document order. Registry and repository must match, then the image:
 * tags by pattern; digests and ids by equality only. A target without a tag is matched by fields that accept anything.
 */
export function firstSelected<Rule extends MappingRule | ImageSelectionRule>(
  selectors: readonly ImageSelector<Rule>[],
  target: PolicyTarget,
  regex: RegexRunner,
): Rule | undefined {
  const name = parseImageName(target.tag);
  function fits(selector: Selector, text: string | null): boolean {
    return text === null ? selector.kind === 'any' : selects(selector, text, regex);
  }
  const found = selectors.find(({ registry, repository, image }) => {
    if (!fits(registry, name.registry) || !fits(repository, name.repository)) return false;
    if (image.type === 'tag') return fits(image.tag, name.tag);
    if (image.type === 'digest') return image.value === target.imageDigest;
    return withoutAlgorithm(image.value) === withoutAlgorithm(target.imageId);
  });
  return found?.rule;
}

/** Image ids are written with and without `sha256:`. */
function withoutAlgorithm(imageId: string): string {
  return imageId.startsWith('sha256:') ? imageId.slice('sha256:'.length) : imageId;
}

/** The first source mapping that selects the source repository, in document order. */
export function firstSourceSelected(
  selectors: readonly SourceSelector[],
  source: { host: string; repository: string },
  regex: RegexRunner,
): SourceMappingRule | undefined {
  return selectors.find(
    ({ host, repository }) => selects(host, source.host, regex) && selects(repository, source.repository, regex),
  )?.rule;
}
