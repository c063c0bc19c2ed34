import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeOciArchive } from '#programs/demo/oci-archive.ts';
import { SAMPLE_TAG, sampleImage } from '#programs/demo/sample-image.ts';
import { seriousViolations } from './accessibility.ts';
import { chromiumPath, openBrowser, type TestBrowser } from './chromium.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';

const FILES = 12_000;

/** Resolves when everything that moves has come to rest; what moves for ever is left out. */
const SETTLED = `Promise.all(document.getAnimations()
  .filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime))
  .map((one) => one.finished.catch(() => undefined)))`;

/** An image of many small files. */
function manyFiles(): Buffer {
  const files = Array.from({ length: FILES }, (_, index) => ({
    path: `srv/file-${String(index).padStart(5, '0')}.txt`,
    content: Buffer.from(String(index)),
  }));
  return writeOciArchive({
    tag: 'demo.windlass.local/many:1',
    created: '2024-01-01T00:00:00Z',
    layers: [{ createdBy: 'COPY . /srv', files }],
    config: {},
  });
}

if (!chromiumPath)
  // biome-ignore lint/suspicious/noConsole: whoever runs the tests should know
  console.warn('browser tests are skipped: there is no Chromium (install it, or set WINDLASS_CHROMIUM)');

describe.skipIf(!chromiumPath)('the page in a browser', () => {
  let server: DemoServer;
  let browser: TestBrowser;
  let page: Page;
  let shots: string;
  /** `WINDLASS_SCREENSHOTS` keeps the screenshots in a folder. */
  const kept = process.env.WINDLASS_SCREENSHOTS;
  const complaints: string[] = [];

  beforeAll(async () => {
    shots = kept ?? (await mkdtemp(join(tmpdir(), 'windlass-shots-')));
    await mkdir(shots, { recursive: true });
    server = await startDemoServer();
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // the browser itself reports answers of 401 and 404 as errors
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        complaints.push(message.text());
    });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    if (!kept) await rm(shots, { recursive: true, force: true });
  });

  /** The state that a test leaves behind is looked at: axe, a screenshot, nothing wider than the window. */
  async function inspect(name: string): Promise<void> {
    await page.waitForLoadState('networkidle');
    await expect.poll(() => page.getByRole('status').filter({ hasText: '…' }).count(), { timeout: 20_000 }).toBe(0);
    await page.evaluate(SETTLED);
    await page.screenshot({ path: join(shots, `${name}.png`) });
    expect(await seriousViolations(page), name).toEqual([]);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow, `${name} is wider than the window`).toBeLessThanOrEqual(0);
  }

  async function upload(name: string, bytes: Buffer): Promise<void> {
    await page.getByRole('button', { name: 'Add image' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add image' });
    await dialog.getByRole('tab', { name: 'Upload an archive' }).click();
    await dialog.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/x-tar', buffer: bytes });
    await dialog.getByRole('button', { name: 'Upload', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  const rows = () => page.locator('tbody tr:not([aria-hidden])');

  it('asks who one is, and says when the password is wrong', async () => {
    await page.goto(`${server.url}/feeds`);
    await page.getByLabel('User name').fill('admin');
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('Wrong user name or password').waitFor();
    await inspect('sign-in');
    await page.getByLabel('Password', { exact: true }).fill(server.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Feeds and jobs' }).waitFor();
  });

  it('synchronises the vulnerability data', async () => {
    await page.getByText('no data yet').waitFor();
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page
      .getByText(/built .* received/)
      .first()
      .waitFor();
    expect(await page.getByRole('table', { includeHidden: true }).first().innerText()).toContain('debian');
    await inspect('feeds');
  });

  it('takes an archive and shows the image when it is analysed', async () => {
    await page.getByRole('link', { name: 'Images' }).click();
    await page.getByText('No images yet').waitFor();
    await inspect('no-images');
    await upload('shop.tar', sampleImage());
    const row = rows().filter({ hasText: 'shop:1.0' });
    await row.getByText(/^(Pass|Warn|Fail)$/).waitFor();
    expect(await row.getByRole('img', { name: /critical|high/ }).count()).toBe(1);
    await upload('many.tar', manyFiles());
    await rows()
      .filter({ hasText: 'many:1' })
      .getByText(/^(Pass|Warn|Fail)$/)
      .waitFor({ timeout: 120_000 });
    await inspect('images');
  }, 240_000);

  it('filters and orders images on the server, and keeps that in the address', async () => {
    await page.getByLabel('Search images').fill('shop');
    await expect.poll(() => rows().count()).toBe(1);
    expect(page.url()).toContain('search=shop');
    await page.reload();
    await expect.poll(() => rows().count()).toBe(1);
    await page.getByLabel('Search images').fill('nothing like it');
    await page.getByText('No image matches').waitFor();
    await page.getByLabel('Search images').fill('');
    await expect.poll(() => rows().count()).toBe(2);
    await page.getByRole('button', { name: 'Packages' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('th[aria-sort=descending]', { hasText: 'Packages' }).waitFor();
    expect(page.url()).toContain('order=packages');
    await expect.poll(() => rows().first().innerText()).toContain('shop:1.0');
  });

  it('shows what an image is', async () => {
    await rows().filter({ hasText: 'shop:1.0' }).getByRole('link').click();
    await page.getByRole('heading', { name: SAMPLE_TAG }).waitFor();
    await page.getByText('debian 12').waitFor();
    await page.getByText('Bill of materials').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'SPDX 2.3' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^[0-9a-f]{12}\.spdx\.json$/);
    await inspect('overview');
  });

  it('lists vulnerabilities with filters and details', async () => {
    await page.getByRole('tab', { name: /Vulnerabilities/ }).click();
    await rows().first().waitFor();
    const all = await rows().count();
    expect(all).toBeGreaterThan(3);
    await inspect('vulnerabilities');
    await page.getByLabel('Known exploited').check();
    await expect.poll(() => rows().count()).toBeLessThan(all);
    expect(await rows().first().innerText()).toContain('KEV');
    await page.getByLabel('Known exploited').uncheck();
    await page.getByLabel('Search id, package or path').fill('log4j');
    await expect.poll(() => rows().count()).toBeLessThan(all);
    await rows().first().getByRole('button').first().click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('Why it is reported').waitFor();
    await drawer.getByText('Links').waitFor();
    await inspect('vulnerability');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    await page.getByLabel('Search id, package or path').fill('');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^vulnerabilities-[0-9a-f]{12}\.csv$/);
  });

  it('lists the contents by kind', async () => {
    await page.getByRole('tab', { name: 'Contents' }).click();
    await rows().first().waitFor();
    await inspect('packages');
    for (const [kind, text] of [
      ['Files', '/etc/os-release'],
      ['Secrets', '/app/.env'],
      ['Retrieved files', ''],
      ['Dockerfile', 'CMD'],
      ['Manifest', 'schemaVersion'],
    ] as const) {
      await page.getByRole('navigation', { name: 'Kinds of content' }).getByText(kind, { exact: true }).click();
      if (text) await page.getByText(text).first().waitFor();
      await inspect(`contents-${kind}`);
    }
  });

  it('explains the verdict of a policy', async () => {
    await page.getByRole('tab', { name: 'Policy check' }).click();
    await page
      .getByText(/\d+ findings/)
      .first()
      .waitFor();
    await page.getByRole('rowheader').or(page.locator('th[scope=rowgroup]')).first().waitFor();
    await inspect('policy-check');
  });

  it('draws only the rows in view of a long list', async () => {
    await page.getByRole('link', { name: 'Images' }).first().click();
    await rows().filter({ hasText: 'many:1' }).getByRole('link').click();
    await page.getByRole('tab', { name: 'Contents' }).click();
    await page.getByRole('navigation', { name: 'Kinds of content' }).getByText('Files', { exact: true }).click();
    await page.getByText('/srv/file-00000.txt').waitFor();
    expect(await rows().count()).toBeLessThan(80);
    const table = page.getByRole('table');
    expect(Number(await table.getAttribute('aria-rowcount'))).toBeGreaterThan(FILES);
    await page.getByRole('region', { name: 'Files' }).focus();
    await page.keyboard.press('End');
    await page.getByText(`/srv/file-${FILES - 1}.txt`).waitFor();
    await page.getByLabel('Search paths').fill('file-07777');
    await expect.poll(() => rows().count()).toBe(1);
  });

  it('shows policies and services', async () => {
    await page.getByRole('link', { name: 'Policies' }).click();
    await page.getByText('Active', { exact: true }).waitFor();
    await inspect('policies');
    await rows().first().getByRole('link').click();
    await page.getByRole('dialog').getByText('Mappings').waitFor();
    await inspect('policy');
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'System' }).click();
    await page.getByText('Up', { exact: true }).first().waitFor();
    await inspect('system');
  });

  it('lets an administrator look at another account', async () => {
    const authorization = `Basic ${Buffer.from(`admin:${server.password}`).toString('base64')}`;
    const created = await fetch(`${server.url}/v2/accounts`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'payments' }),
    });
    expect(created.status).toBe(200);
    await page.goto(`${server.url}/images`);
    await rows().first().waitFor();
    await page.getByRole('combobox', { name: 'Account' }).click();
    await page.getByRole('option', { name: 'payments' }).click();
    await page.getByText('No images yet').waitFor();
    await page.reload();
    await page.getByText('No images yet').waitFor();
    await page.getByRole('combobox', { name: 'Account' }).click();
    await page.getByRole('option', { name: 'admin' }).click();
    await expect.poll(() => rows().count()).toBe(2);
  });

  it('says what went wrong, with the id of the request', async () => {
    await page.goto(`${server.url}/images/sha256:${'0'.repeat(64)}`);
    await page.getByRole('alert').getByText('Request id').waitFor();
    await inspect('unknown-image');
    await page.goto(`${server.url}/no/such/page`);
    await page.getByText('There is no such page').waitFor();
  });

  it('can be used in the dark and on a small screen', async () => {
    await page.goto(`${server.url}/images`);
    await rows().first().waitFor();
    await page.getByRole('button', { name: 'Use the dark theme' }).click();
    await inspect('images-dark');
    await rows().filter({ hasText: 'shop:1.0' }).getByRole('link').click();
    await page.getByText('Bill of materials').waitFor();
    await inspect('overview-dark');
    await page.getByRole('tab', { name: /Vulnerabilities/ }).click();
    await rows().first().waitFor();
    await inspect('vulnerabilities-dark');
    await page.getByRole('tab', { name: 'Policy check' }).click();
    await page
      .getByText(/\d+ findings/)
      .first()
      .waitFor();
    await inspect('policy-check-dark');
    await page.setViewportSize({ width: 390, height: 844 });
    await inspect('policy-check-small');
    await page.getByRole('button', { name: 'Navigation', exact: true }).click();
    await page.getByRole('link', { name: 'Images' }).first().click();
    await rows().first().waitFor();
    await inspect('images-small');
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('signs out, and then shows nothing', async () => {
    await page.goto(`${server.url}/images`);
    await page.getByRole('button', { name: 'User admin' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('User name').waitFor();
    await page.goto(`${server.url}/images`);
    await page.getByLabel('User name').waitFor();
    expect(page.url()).toContain('/sign-in');
  });

  it('had no errors of its own', () => expect(complaints).toEqual([]));
});
