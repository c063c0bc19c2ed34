import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Rules of axe that a page breaks, the serious and critical ones, each with the elements that do. */
export async function seriousViolations(page: Page): Promise<string[]> {
  // straight into the page: its policy forbids foreign script tags
  await page.evaluate(axe.source);
  const results = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as axe.AxeResults;
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map((node) => `${node.html} (${node.any.map((check) => check.message).join('; ')})`).join(' | ')}`,
    );
}
