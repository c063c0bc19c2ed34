import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_TAG } from '#programs/demo/sample-image.ts';
import { chromiumPath } from './chromium.ts';
import type { DemoServer } from './demo-server.ts';
import { type PageSession, startPageSession } from './page-session.ts';

/** A cluster of two namespaces that runs an image twice, and one that nobody added. */
function inventory(digest: string) {
  const uid = (kind: number, index: number) => `00000000-0000-4000-8000-00000000${kind}00${index}`;
  const places = ['payments', 'shop', 'shop'];
  return {
    cluster_name: 'production-eu',
    timestamp: '2026-01-01T00:00:00Z',
    namespaces: [
      { uid: uid(1, 0), name: 'payments' },
      { uid: uid(1, 1), name: 'shop' },
    ],
    nodes: [{ uid: uid(2, 0), name: 'node-1' }],
    pods: places.map((name, index) => ({
      uid: uid(3, index),
      name: `${name}-web-${index}`,
      namespace_uid: uid(1, name === 'shop' ? 1 : 0),
      node_uid: uid(2, 0),
    })),
    containers: places.map((_, index) => ({
      id: `containerd://${index}`,
      name: 'app',
      image_tag: index < 2 ? SAMPLE_TAG : 'registry.example.com/team/tool:1',
      image_digest: index < 2 ? digest : `sha256:${'ab'.repeat(32)}`,
      pod_uid: uid(3, index),
    })),
  };
}

describe.skipIf(!chromiumPath)('the pages around the images in a browser', () => {
  let session: PageSession;
  let server: DemoServer;
  let page: Page;
  let digest: string;

  beforeAll(async () => {
    session = await startPageSession(async ({ call, digest: image }) => {
      await call('POST', '/v2/kubernetes-inventory', inventory(image));
    });
    ({ server, page, digest } = session);
  }, 240_000);
  afterAll(() => session?.stop());

  const rows = () => session.rows();
  const row = (text: string) => session.row(text);
  const dialog = () => session.dialog();
  const inspect = (name: string) => session.inspect(name);

  it('goes from clusters to images, and from an image to where it runs', async () => {
    await page.getByRole('link', { name: 'Runtime' }).click();
    await row('production-eu').getByText('1 of 2').waitFor();
    await inspect('runtime');
    await row('production-eu').getByRole('link').click();
    await row('shop').getByRole('link').click();
    await row('pod/shop-web-1').getByRole('link').click();
    await row(SAMPLE_TAG).getByText('Analysed').waitFor();
    expect(page.url()).toContain('workload=');
    await row(SAMPLE_TAG).getByRole('link').click();
    await page.getByRole('tab', { name: 'Runs in' }).click();
    await expect.poll(() => row('production-eu').count(), { timeout: 20_000 }).toBe(2);
    await page.goto(`${server.url}/runtime?images=unknown`);
    await row('registry.example.com/team/tool:1').getByText('Never added').waitFor();
    expect(await rows().count()).toBe(1);
    await page.goto(`${server.url}/runtime/clusters`);
    await page.getByText('The server reads no cluster').waitFor();
    await page.getByRole('button', { name: 'Add cluster' }).click();
    await inspect('add-cluster');
    await page.keyboard.press('Escape');
  });

  it('filters events and shows one', async () => {
    await page.goto(`${server.url}/events`);
    await row('Analysis of an image finished').waitFor();
    await inspect('events');
    await page.getByRole('combobox', { name: 'Type of event' }).fill('Analysis of an image finished');
    await page.getByRole('option', { name: 'Analysis of an image finished' }).click();
    await expect.poll(() => rows().count()).toBe(1);
    expect(page.url()).toContain('type=user.image.analysis.completed');
    await row('Analysis of an image finished').getByRole('button').click();
    await dialog().getByText(digest).waitFor();
    await inspect('event');
  });

  it('adds a receiver, chooses events for it, and shows what became of them', async () => {
    await page.goto(`${server.url}/notifications`);
    await page.getByText('Nobody is told of events yet').waitFor();
    await page.getByRole('button', { name: 'Add receiver' }).click();
    await dialog().getByLabel('Description').fill('operations');
    await dialog().getByLabel('Address').fill('http://127.0.0.1:9/hook');
    await dialog().getByRole('button', { name: 'Send a test' }).click();
    await dialog().getByText('The test message failed').waitFor();
    await dialog().getByRole('button', { name: 'Add receiver' }).click();
    await row('operations').getByRole('button').click();
    await dialog().getByText('without a selector').waitFor();
    await dialog().getByRole('button', { name: 'Add selector' }).click();
    await dialog().getByText('every event').waitFor();
    await dialog().getByLabel('Gather for (minutes)').fill('5');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).first().waitFor();
    await inspect('notifications');
    await page.goto(`${server.url}/notifications/deliveries`);
    await page.getByRole('heading', { name: 'Notifications' }).waitFor();
    await inspect('deliveries');
  });

  it('watches a tag from the page of its image, and raises an alert that can be closed', async () => {
    await page.goto(`${server.url}/images/${digest}`);
    await page.getByRole('switch', { name: 'Alerts' }).check();
    await page.waitForLoadState('networkidle');
    await page.goto(`${server.url}/subscriptions`);
    await row('Alerts').waitFor();
    expect(await page.getByRole('switch', { name: `Alerts of ${SAMPLE_TAG}` }).isChecked()).toBe(true);
    await inspect('subscriptions');
    await page.goto(`${server.url}/alerts`);
    // alerts follow the subscription within moments
    await row(SAMPLE_TAG).getByText('Open').waitFor({ timeout: 60_000 });
    await inspect('alerts');
    await page.getByRole('button', { name: `Close the alert of ${SAMPLE_TAG}` }).click();
    await page.getByText('No alert is open').waitFor();
  }, 240_000);

  it('shows builds, providers and the history of an image', async () => {
    await page.goto(`${server.url}/feeds/builds`);
    await row('In use').getByRole('button').click();
    await dialog().getByText('Sources').waitFor();
    await inspect('build');
    await page.goto(`${server.url}/feeds/providers`);
    await row('debian').first().waitFor();
    await inspect('providers');
    await page.goto(`${server.url}/feeds/changes`);
    await page.getByText('There is nothing to compare yet').waitFor();
    await page.goto(`${server.url}/images/${digest}/history`);
    await row('Added').first().waitFor();
    await inspect('history');
  });

  it('corrects a package, and takes the correction back', async () => {
    await page.goto(`${server.url}/corrections`);
    await page.getByRole('button', { name: 'Add correction' }).click();
    await dialog().getByLabel('Packages with all of these: value 1').fill('log4j-core');
    await dialog().getByLabel('Are really: value 1').fill('cpe:2.3:a:acme:log:1:*:*:*:*:*:*:*');
    await inspect('add-correction');
    await dialog().getByRole('button', { name: 'Add correction' }).click();
    await row('package = log4j-core').getByRole('button', { name: 'Delete' }).click();
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No corrections').waitFor();
  });

  it('edits a policy, says what the server refuses, and activates it', async () => {
    await page.goto(`${server.url}/policies`);
    await page.getByRole('link', { name: 'Add policy' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Strict');
    await page.getByRole('button', { name: 'Add rule to Rules' }).click();
    await dialog().getByRole('combobox', { name: 'Gate' }).click();
    await page.getByRole('option', { name: 'Vulnerabilities' }).click();
    await dialog().getByRole('combobox', { name: 'Trigger' }).click();
    await page.getByRole('option', { name: 'Kev list' }).click();
    await inspect('rule');
    await dialog().getByRole('button', { name: 'Take over' }).click();
    await page.getByText('kev list').waitFor();
    await page.getByLabel('JSON', { exact: true }).first().check();
    const json = page.getByRole('textbox', { name: 'JSON' });
    const document = JSON.parse(await json.inputValue());
    await json.fill(JSON.stringify({ ...document, mappings: [{ ...document.mappings[0], rule_set_ids: ['gone'] }] }));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Mapping “All images”').waitFor();
    await inspect('policy-refused');
    await json.fill(JSON.stringify(document, null, 2));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Activate' }).click();
    await dialog().getByRole('button', { name: 'Activate' }).click();
    await page.getByText('Active', { exact: true }).waitFor();
    await inspect('policy-editor');
  });

  it('adds a user with a role, a key, a registry, and finds that in the audit log', async () => {
    await page.goto(`${server.url}/access`);
    await page.getByRole('button', { name: 'Add user' }).click();
    await dialog().getByLabel('User name').fill('reader');
    await dialog().locator('input[type=password]').fill('a long password');
    await dialog().getByRole('button', { name: 'Add user' }).click();
    await row('reader').getByText('read-only').waitFor();
    await inspect('users');
    await page.goto(`${server.url}/access/keys`);
    await page.getByRole('button', { name: 'Add key' }).click();
    await dialog().getByLabel('Name').fill('pipeline');
    await dialog().getByRole('button', { name: 'Add key' }).click();
    await dialog().getByText('It is shown only now').waitFor();
    await dialog().getByRole('button', { name: 'Done' }).click();
    await row('pipeline').getByText('Active').waitFor();
    await page.goto(`${server.url}/registries`);
    await page.getByText('No registries').waitFor();
    await page.goto(`${server.url}/audit`);
    await row('Create user').first().waitFor();
    await inspect('audit');
    await page.getByRole('button', { name: 'Check the seals' }).click();
    await dialog().getByText('Nothing was changed or removed').waitFor();
  });

  it('archives an image and adds a rule', async () => {
    await page.goto(`${server.url}/archive`);
    await page.getByText('The archive is empty').waitFor();
    await page.getByRole('button', { name: 'Archive images' }).click();
    await dialog().getByRole('combobox', { name: 'Images' }).click();
    await page.getByRole('option', { name: SAMPLE_TAG }).click();
    await page.keyboard.press('Tab');
    await dialog().getByRole('button', { name: 'Archive', exact: true }).click();
    await row(SAMPLE_TAG).getByText('Archived').waitFor();
    await inspect('archive');
    await page.goto(`${server.url}/archive/rules`);
    await page.getByRole('button', { name: 'Add rule' }).click();
    await dialog().getByRole('button', { name: 'Add rule' }).click();
    await row('analysed more than 90 days ago').waitFor();
    await page.goto(`${server.url}/archive/lifecycle`);
    await page.getByText('No lifecycle policies').waitFor();
  });

  it('had no errors of its own', () => expect(session.complaints).toEqual([]));
});
