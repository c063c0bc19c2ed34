import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SamlIdpServer, startSamlIdpServer } from '../builders/saml-idp-server.ts';
import { seriousViolations } from './accessibility.ts';
import { chromiumPath, openBrowser, type TestBrowser } from './chromium.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';

describe.skipIf(!chromiumPath)('sign-in through an identity provider in a browser', () => {
  let server: DemoServer;
  let idp: SamlIdpServer;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    server = await startDemoServer();
    idp = await startSamlIdpServer('windlass-test');
    const response = await fetch(`${server.url}/v2/rbac-manager/saml/idps`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`admin:${server.password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        name: 'corp',
        enabled: true,
        sp_entity_id: 'windlass-test',
        acs_url: `${server.url}/v2/windlass/saml/acs/corp`,
        idp_metadata_url: idp.entityId,
        default_account: 'people',
        default_role: 'read-only',
      }),
    });
    expect([response.status, await response.text()]).toEqual([200, expect.any(String)]);
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.setDefaultTimeout(20_000);
  });
  afterAll(async () => {
    await browser?.close();
    await idp?.stop();
    await server?.stop();
  });

  it('leads to the provider and back to the page that was wanted', async () => {
    await page.goto(`${server.url}/policies`);
    const button = page.getByRole('link', { name: 'Sign in with corp' });
    await button.waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await button.click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(`${server.url}/policies`);
    await page.getByRole('heading', { name: 'Policies' }).waitFor();
    const session = await page.evaluate("fetch('/v2/windlass/session').then((answer) => answer.json())");
    expect(session).toMatchObject({ username: 'jane', account_name: 'people', user_type: 'saml' });
  });

  it('ends the session at the provider too, by a page that sends itself', async () => {
    idp.logoutTo = `${server.url}/v2/windlass/saml/logout/corp`;
    await page.getByRole('button', { name: 'User jane' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in/);
    await page.getByRole('link', { name: 'Sign in with corp' }).waitFor();
    expect(idp.logouts).toEqual([expect.stringMatching(/<samlp:LogoutRequest.*>jane<.*SessionIndex>s1</s)]);
    const session = await page.evaluate("fetch('/v2/windlass/session').then((answer) => answer.status)");
    expect(session).toBe(401);
  });

  it('says so when the server does not let the user in', async () => {
    await page.context().clearCookies();
    idp.user = { nameId: 'admin' };
    await page.goto(`${server.url}/images`);
    await page.getByRole('link', { name: 'Sign in with corp' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').getByText('The sign-in was refused').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });
});
