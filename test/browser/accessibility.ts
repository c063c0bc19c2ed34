import axe from 'axe-core';
import type { Page } from 'playwright-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Rules of axe that a page breaks, the serious and critical ones, each with the elements that do. `colors` looks at
 * contrasts alone: enough for another theme of a page that was looked at.
 */
export async function seriousViolations(page: Page, { colors = false } = {}): Promise<string[]> {
  // straight into the page: its policy forbids foreign script tags
  await page.evaluate(axe.source);
  const results = (await page.evaluate(
    `axe.run(document, ${JSON.stringify({ resultTypes: ['violations'], runOnly: colors ? { type: 'rule', values: ['color-contrast'] } : TAGS })})`,
  )) as axe.AxeResults;
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map((node) => `${node.html} (${node.any.map((check) => check.message).join('; ')})`).join(' | ')}`,
    );
}
