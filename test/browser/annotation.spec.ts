import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleImage } from '#programs/demo/sample-image.ts';
import { seriousViolations } from './accessibility.ts';
import { chromiumPath, openBrowser, type TestBrowser } from './chromium.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';

describe.skipIf(!chromiumPath)('annotating a vulnerability in a browser', () => {
  let server: DemoServer;
  let browser: TestBrowser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    server = await startDemoServer();
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.setDefaultTimeout(60_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${server.url}/feeds`);
    await page.getByLabel('User name').fill('admin');
    await page.getByLabel('Password', { exact: true }).fill(server.password);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page
      .getByText(/built .* received/)
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'Images' }).click();
    await page.getByRole('button', { name: 'Add image' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add image' });
    await dialog.getByRole('tab', { name: 'Upload an archive' }).click();
    const file = { name: 'shop.tar', mimeType: 'application/x-tar', buffer: sampleImage() };
    await dialog.locator('input[type=file]').setInputFiles(file);
    await dialog.getByRole('button', { name: 'Upload', exact: true }).click();
    await rows()
      .filter({ hasText: 'shop:1.0' })
      .getByText(/^(Pass|Warn|Fail)$/)
      .waitFor();
    await page.getByRole('link', { name: /shop:1\.0/ }).click();
    await page.getByRole('tab', { name: /Vulnerabilities/ }).click();
    await rows().first().waitFor();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const rows = () => page.locator('tbody tr:not([aria-hidden])');

  it('takes the finding out of the list until it is asked for', async () => {
    // The list shows a part of its rows: what comes first tells whether one is missing.
    const first = async () => (await rows().first().locator('td').allInnerTexts()).slice(0, 3).join(' ');
    const before = await first();
    await rows().first().getByRole('button').first().click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('Nothing was said of it.').waitFor();
    await drawer.getByRole('button', { name: 'Annotate' }).click();
    await drawer.getByRole('combobox', { name: 'Reason' }).click();
    await page.getByRole('option', { name: 'The vulnerable code is never run' }).click();
    await drawer.getByLabel('Why', { exact: true }).fill('it is behind a switch');
    expect(await seriousViolations(page)).toEqual([]);
    await drawer.getByRole('button', { name: 'Save' }).click();
    await drawer.getByText('Not affected').first().waitFor();
    await drawer.getByText('it is behind a switch').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(first, { timeout: 30_000 }).not.toBe(before);
    await page.getByLabel(/^Not affected and fixed/).check();
    await expect.poll(first, { timeout: 30_000 }).toBe(before);
    await rows().first().getByRole('button').first().click();
    await drawer.getByRole('button', { name: 'Delete' }).click();
    await drawer.getByText('Nothing was said of it.').waitFor();
    expect(complaints).toEqual([]);
  }, 240_000);
});
