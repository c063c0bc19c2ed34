import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { sampleImage } from '#programs/demo/sample-image.ts';
import { seriousViolations } from './accessibility.ts';
import { openBrowser } from './chromium.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';

const SETTLED = `Promise.all(document.getAnimations()
  .filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime))
  .map((one) => one.finished.catch(() => undefined)))`;

/** A browser that is signed in to a server with a matched image. */
export interface PageSession {
  server: DemoServer;
  page: Page;
  /** Digest of the image. */
  digest: string;
  /** Errors of the page's own code so far. */
  complaints: string[];
  /** Calls the API as the administrator. Bytes are sent as an archive. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Rows of tables. */
  rows(): Locator;
  row(text: string): Locator;
  dialog(): Locator;
  /** axe, a screenshot, nothing wider than the window: as it is, in the other theme, and on a small screen. */
  inspect(name: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a server with the sample image, and a browser that shows the images. `WINDLASS_SCREENSHOTS` keeps the
 * screenshots in a folder. `prepare` runs before the browser starts.
 */
export async function startPageSession(
  prepare?: (session: Pick<PageSession, 'call' | 'digest'>) => Promise<void>,
): Promise<PageSession> {
  const kept = process.env.WINDLASS_SCREENSHOTS;
  const shots = kept ?? (await mkdtemp(join(tmpdir(), 'windlass-shots-')));
  await mkdir(shots, { recursive: true });
  const server = await startDemoServer();

  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const raw = Buffer.isBuffer(body);
    const response = await fetch(server.url + path, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`admin:${server.password}`).toString('base64')}`,
        ...(body === undefined ? {} : { 'content-type': raw ? 'application/x-tar' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: raw ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    expect(response.ok, `${method} ${path}: ${text}`).toBe(true);
    return text ? JSON.parse(text) : undefined;
  }

  await call('POST', '/v2/system/feeds');
  const added = (await call('POST', '/v2/windlass/image-archives', sampleImage())) as {
    items: { image_digest: string }[];
  };
  const digest = added.items[0]!.image_digest;
  await prepare?.({ call, digest });
  const browser = await openBrowser();
  const page = await browser.context.newPage();
  const complaints: string[] = [];
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  const rows = () => page.locator('tbody tr:not([aria-hidden])');
  await page.goto(`${server.url}/images`);
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill(server.password);
  await page.keyboard.press('Enter');
  await rows()
    .getByText(/^(Pass|Warn|Fail)$/)
    .waitFor({ timeout: 120_000 });

  return {
    server,
    page,
    digest,
    complaints,
    call,
    rows,
    row: (text) => rows().filter({ hasText: text }),
    dialog: () => page.getByRole('dialog'),
    async inspect(name) {
      for (const [look, width, scheme] of [
        ['', 1440, 'light'],
        ['-dark', 1440, 'dark'],
        ['-small', 390, 'light'],
      ] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.setViewportSize({ width, height: 900 });
        await expect.poll(() => page.getByRole('status').filter({ hasText: '…' }).count(), { timeout: 20_000 }).toBe(0);
        await page.evaluate(SETTLED);
        await page.screenshot({ path: join(shots, `${name}${look}.png`) });
        expect(await seriousViolations(page, { colors: scheme === 'dark' }), `${name}${look}`).toEqual([]);
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect(overflow, `${name}${look} is wider than the window`).toBeLessThanOrEqual(0);
      }
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1440, height: 900 });
    },
    async stop() {
      await browser.close();
      await server.stop();
      if (!kept) await rm(shots, { recursive: true, force: true });
    },
  };
}
