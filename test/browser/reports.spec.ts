import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_TAG } from '#programs/demo/sample-image.ts';
import { xccdf } from '../builders/compliance.ts';
import { createSamlIdp } from '../builders/saml-idp.ts';
import { chromiumPath } from './chromium.ts';
import { type PageSession, startPageSession } from './page-session.ts';

const GRAPHQL = '**/v2/reports/graphql';

describe.skipIf(!chromiumPath)('reports, identity providers and compliance in a browser', { timeout: 120_000 }, () => {
  let session: PageSession;
  let page: Page;

  beforeAll(async () => {
    session = await startPageSession(async ({ call }) => {
      await call('POST', '/v2/system/user-groups', { name: 'security', description: '' });
    });
    page = session.page;
  }, 240_000);
  afterEach(() => page.unrouteAll({ behavior: 'ignoreErrors' }));
  afterAll(() => session?.stop());

  const row = (text: string) => session.row(text);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const inDialog = (name: string) => session.dialog().getByRole('button', { name, exact: true });
  const open = (path: string) => page.goto(session.server.url + path);

  /** The text of what a click makes the browser download. */
  async function downloaded(click: () => Promise<void>): Promise<string> {
    const [download] = await Promise.all([page.waitForEvent('download'), click()]);
    return readFile(await download.path(), 'utf8');
  }

  it('asks a report, filters it, and hands out all of its pages', async () => {
    await open('/reports');
    // small pages of a real list: the page has to go on, and so has the download
    await page.route(GRAPHQL, async (route) => {
      const body = route.request().postDataJSON();
      const limit = Math.min(body.variables.limit, 30);
      await route.continue({ postData: JSON.stringify({ ...body, variables: { ...body.variables, limit } }) });
    });
    await page.getByRole('link', { name: 'All matches, one a row' }).click();
    await page.getByText(/^30 of \d+ matches loaded$/).waitFor();
    const total = Number(/of (\d+)/.exec(await page.getByText(/matches loaded/).innerText())![1]);
    await button('Load more').click();
    await page.getByText(`60 of ${total} matches loaded`).waitFor();
    const table = page.getByRole('region', { name: 'All matches, one a row' });
    await table.press('End');
    await page.getByText(/matches loaded$/).waitFor({ state: 'hidden' });
    await button('Download').click();
    const csv = await downloaded(() => page.getByRole('menuitem', { name: 'All rows as CSV' }).click());
    const lines = csv.trimEnd().split('\r\n');
    expect(lines[0]).toBe(
      'Vulnerability,Severity,Package,Version,Fixed in,Known exploited,Registry,Repository,Tag,Found',
    );
    expect(lines.length).toBe(total + 1);
    await button('Download').click();
    const json = JSON.parse(await downloaded(() => page.getByRole('menuitem', { name: 'All rows as JSON' }).click()));
    expect(json.results.length).toBe(total);
    expect(json.manifest).toMatchObject({ report: 'vulnerabilityMatches', row_count: total, scope: 'account' });
    await page.unrouteAll({ behavior: 'wait' });

    await page.getByRole('textbox', { name: 'Package' }).fill('log4j*');
    await page.keyboard.press('Enter');
    await page.waitForURL(/package=log4j\*/);
    await row('log4j').first().waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Load more' }).count()).toBe(0);
    expect(await session.rows().count()).toBeLessThan(total);
    await button('Columns').click();
    await page.getByRole('checkbox', { name: 'Path' }).check();
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'Path' }).waitFor();
    await button('More filters').click();
    await page.getByRole('textbox', { name: 'Image digest' }).waitFor();
    await session.inspect('report');
    await open('/reports/known-exploited?package=nothing-has-this-name');
    await page.getByText('Nothing matches').waitFor();
    await open('/reports/kubernetes-containers?scope=global');
    await page.getByRole('textbox', { name: 'Account', exact: true }).waitFor();
    await page.getByText('Nothing to report').waitFor();
  });

  it('opens a report where queries are written', async () => {
    await open('/reports/vulnerability-matches?package=log4j*');
    const link = await page.getByRole('link', { name: 'Open in GraphiQL' }).getAttribute('href');
    await open(link!);
    await page.getByText('vulnerabilityMatches').first().waitFor();
    await page.getByText('"log4j*"').first().waitFor();
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.getByText('"log4j-core"').first().waitFor();
  });

  it('says what to narrow when the server gives up', async () => {
    const errors = [{ message: 'The report took too long', extensions: { code: 'TIMEOUT' } }];
    await page.route(GRAPHQL, (route) => route.fulfill({ json: { data: { vulnerabilityMatches: null }, errors } }));
    await open('/reports/vulnerability-matches');
    await page.getByRole('alert').getByText('Name a repository, tag or package').waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await button('Try again').click();
    await row('log4j').first().waitFor();
  });

  it('schedules a report, runs it, shows and hands out the result, and deletes it', async () => {
    await open('/reports/vulnerability-matches?package=log4j*');
    await button('Schedule this').click();
    const dialog = session.dialog();
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Log4j each morning');
    await dialog.getByRole('textbox', { name: 'Schedule', exact: true }).fill('61 * * * *');
    await dialog.getByText('Minute: 61 is not from 0 to 59.').waitFor();
    await dialog.getByRole('textbox', { name: 'Schedule', exact: true }).fill('30 7 * * 1-5');
    await dialog.getByText('At 07:30 on Monday to Friday').waitFor();
    await session.inspect('schedule-dialog');
    await inDialog('Schedule').click();
    await dialog.waitFor({ state: 'hidden' });
    await open('/reports/schedules');
    await row('Log4j each morning').getByText('At 07:30 on Monday to Friday (UTC)').waitFor();
    await row('Log4j each morning').getByRole('link').click();
    await page.getByText('Package: log4j*').waitFor();
    await button('Run now').click();
    await row('Complete').waitFor();
    await row('Complete').getByRole('link').click();
    await row('log4j').first().waitFor();
    await session.inspect('result');
    await page.getByRole('button', { name: /^Download the result/ }).click();
    const csv = await downloaded(() => page.getByRole('menuitem', { name: 'CSV' }).click());
    expect(csv).toMatch(/^Vulnerability,Severity,Package,/);
    await page.getByRole('link', { name: 'Log4j each morning' }).click();
    await button('Edit').click();
    await session.dialog().getByRole('textbox', { name: 'Package', exact: true }).fill('log4j-core');
    await inDialog('Save').click();
    await page.getByText('Package: log4j-core').waitFor();
    await button('Switch off').click();
    await page.getByText('None while it is off').waitFor();
    await button('Delete').click();
    await inDialog('Delete').click();
    await page.getByText('No query is scheduled').waitFor();
  });

  it('shows the course of the figures, and the rows behind one', async () => {
    await open('/overview');
    await button('Count now').click();
    const vulnerabilities = page.getByRole('region', { name: 'Vulnerabilities' });
    const critical = vulnerabilities.getByRole('link', { name: /^Critical: [1-9]/ });
    await critical.waitFor();
    await page.getByRole('slider', { name: 'Vulnerabilities over time' }).press('ArrowLeft');
    await session.inspect('overview');
    await critical.click();
    await page.getByRole('heading', { name: 'Tags by vulnerability' }).waitFor();
    await row('Critical').first().waitFor();
    expect(page.url()).toContain('severity=');
  });

  it('adds an identity provider, maps a group to it, and takes it away', async () => {
    await open('/access/identity-providers');
    await page.getByText('No identity providers').waitFor();
    await button('Add provider').click();
    const dialog = session.dialog();
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('corp');
    await dialog.getByText('From a file').click();
    await dialog.getByRole('textbox', { name: 'Metadata', exact: true }).fill('<nothing/>');
    await dialog.getByRole('combobox', { name: 'Account', exact: true }).fill('people');
    await inDialog('Add provider').click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByRole('textbox', { name: 'Metadata', exact: true }).fill(createSamlIdp().metadata());
    await inDialog('Add provider').click();
    await session.dialog().getByText('/v2/windlass/saml/acs/corp').waitFor();
    await session.dialog().getByRole('combobox', { name: 'Add user groups' }).click();
    await page.getByRole('option', { name: 'security' }).click();
    await page.keyboard.press('Tab');
    await inDialog('Add').click();
    await row('security').waitFor();
    await session.inspect('identity-provider');
    await inDialog('Delete').click();
    await button('Delete with its users').click();
    await page.getByText('No identity providers').waitFor();
    await button('Add provider').click();
    await session.dialog().getByText('OpenID Connect').click();
    await session.dialog().getByLabel('Client secret').waitFor();
  });

  it('takes the result of a compliance check and a STIG evaluation of an image', async () => {
    const rules = [
      { id: 'rule_1', result: 'fail', severity: 'high', title: 'Passwords are long' },
      { id: 'rule_2', result: 'pass' },
    ];
    await open('/compliance');
    await button('Upload a result').click();
    await session
      .dialog()
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'xccdf.xml', mimeType: 'application/xml', buffer: Buffer.from(xccdf({ rules })) });
    await session.dialog().getByRole('combobox', { name: 'Image that was checked' }).click();
    await page.getByRole('option', { name: SAMPLE_TAG }).click();
    await inDialog('Upload').click();
    await row('Passwords are long').waitFor();
    await open(`/images/${session.digest}/compliance`);
    await row(SAMPLE_TAG).getByText('Fail').waitFor();
    await button('Upload an evaluation').click();
    const hdf = await session.call('GET', '/v2/windlass/runtime-compliance?limit=1');
    const { uuid } = (hdf as { items: { uuid: string }[] }).items[0]!;
    const document = JSON.stringify(await session.call('GET', `/v2/windlass/runtime-compliance/${uuid}/hdf`));
    await session
      .dialog()
      .locator('input[type=file]')
      .setInputFiles({ name: 'hdf.json', mimeType: 'application/json', buffer: Buffer.from(document) });
    await session.dialog().getByLabel('Name of the STIG').fill('Sample STIG');
    await inDialog('Upload').click();
    await row('Sample STIG').waitFor();
    await session.inspect('image-compliance');
    expect(await downloaded(() => button('Download Sample STIG').click())).toBe(document);
    await button('Delete Sample STIG').click();
    await inDialog('Delete').click();
    await page.getByText('No STIG evaluations').waitFor();
    await row(SAMPLE_TAG).getByRole('link').click();
    await button('Delete').click();
    await inDialog('Delete').click();
    await page.getByText('No compliance checks yet').waitFor();
  });

  it('had no errors of its own', () => expect(session.complaints).toEqual([]));
});
