import { parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportSchema } from '#features/reports/index.ts';
import { fillFleet } from '../../src/features/reports/reports.fixture.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

let app: Application;
let admin: Client;
let one: Client;
let two: Client;

beforeAll(async () => {
  app = await startApplication();
  await fillFleet(app.platform.database, 11);
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  for (const account of ['team-a', 'team-b']) {
    await admin.post(`/accounts/${account}/users`, { username: `${account}-user`, password: 'pass-word' });
    await admin.post('/rbac-manager/roles/read-only/members', { username: `${account}-user`, domain_name: account });
  }
  one = clientFor(app.server, { basic: ['team-a-user', 'pass-word'] });
  two = clientFor(app.server, { basic: ['team-b-user', 'pass-word'] });
});
afterAll(() => app?.close());

const run = (client: Client, query: string, variables?: object) =>
  client.post('/reports/graphql', { query, ...(variables ? { variables } : {}) });

/** Queries as the public documentation shows them. */
const DOCUMENTED = [
  '{ metrics { results { id name description metricType } pageInfo { nextToken count } } }',
  '{ metricData(filter: {start: "2019-08-14T15:09:04", end: "2019-08-26T18:07:40.059709", metricId: "vulnerabilities.tags.all.critical"}) { results { metricId value collectedAt } } }',
  '{ tagsByVulnerability { pageInfo { nextToken count } results { vulnerabilityId links registries { registryName repositories { repositoryName tagsCount } } } } }',
  '{ tagsByVulnerability(limit: 3, filter: {vulnerability: {severity: Critical}, tag: {currentOnly: false}}) { results { vulnerabilityId registries { registryName repositories { repositoryName tags { tagName imageDigest detectedAt current artifacts { artifactName severity } } } } } } }',
  '{ imagesByVulnerability(filter: {vulnerability: {id: "CVE-2026-1001"}}) { results { vulnerabilityId links imagesCount images { digest } } } }',
  '{ imagesByVulnerability(limit: 10, filter: {vulnerability: {after: "2019-08-01T00:00:00"}}) { pageInfo { nextToken count } results { vulnerabilityId imagesCount images { digest imageId tags { registryName repositoryName tagName detectedAt current } artifacts { artifactName artifactVersion artifactType severity } } } } }',
  '{ artifactsByVulnerability { results { vulnerabilityId links artifactsCount artifacts { artifactName artifactVersion artifactType severity images { digest } } } } }',
  '{ artifactsByVulnerabilities(limit: 1) { results { vulnerabilityId } } }',
  '{ policyEvaluationsByTag(filter: {registry: {name: "docker.io"}, repository: {name: "library/node"}, tag: {currentOnly: false}, policyEvaluation: {latestOnly: false}, policyBundle: {active: false}}) { pageInfo { nextToken count } results { registryName repositories { repositoryName tagsCount tags { tagName imageDigest detectedAt current evaluations { result reason lastEvaluatedAt latest policyBundle { bundleId bundleDigest } } } } } } }',
  '{ policyEvaluationsByTag(filter: {policyEvaluation: {result: Fail, reason: policy_evaluation}}) { results { registryName repositories { repositoryName } } } }',
  '{ runtimeInventoryImagesByVulnerability(limit: 1000) { pageInfo { nextToken } results { vulnerabilityId imagesCount images { digest tags { tagName } artifacts { artifactName } inventory { inventoryType context imageTag lastSeen } } } } }',
  '{ runtimeInventoryUnscannedImages { results { imageTag imageDigest analysisStatus inventory { context } } } }',
  '{ policyEvaluationsByRuntimeInventoryImage { results { imageTag imageDigest inventory { context } evaluations { result reason } } } }',
  '{ kubernetesRuntimeVulnerabilitiesByNamespace { results { clusterName namespace { uid name labels { key value } lastSeen } imageTag vulnerabilities { vulnerabilityId links artifacts { artifactName severity } } } } }',
  '{ vulnerabilitiesByKubernetesContainer(filter: {namespace: {name: "def*", label: {key: "env"}}, pod: {label: {key: "app", value: "a0"}}}) { results { clusterName namespace { name } node { name } pod { name labels { key value } } containerId containerName imageTag imageDigest vulnerabilities { vulnerabilityId } } } }',
  '{ vulnerabilitiesByEcsContainer { results { clusterArn serviceArn taskArn taskDefinitionArn containerArn imageTag taskTags { key value } serviceTags { key value } vulnerabilities { vulnerabilityId } } } }',
  '{ __schema { queryType { name fields { name args { name defaultValue type { name kind ofType { name } } } } } mutationType { name } } }',
];

describe('documented queries', () => {
  it.each(DOCUMENTED)('run as they stand: %s', async (query) => {
    expect(validate(reportSchema(), parse(query))).toEqual([]);
    const answer = await run(one, query);
    expect(answer.statusCode).toBe(200);
    // What another feature answers may be absent here.
    if (!/metric/i.test(query)) expect(answer.json().errors).toBeUndefined();
    const read = await one.get(`/reports/graphql?query=${encodeURIComponent(query)}`);
    expect([read.statusCode, read.json()]).toEqual([200, answer.json()]);
  });

  it('are taken by GET and as text, and the schema is a file', async () => {
    const query = '{ imagesByVulnerability(limit: 1) { results { vulnerabilityId } } }';
    const expected = (await run(one, query)).json();
    expect((await one.get(`/reports/graphql?query=${encodeURIComponent(query)}`)).json()).toEqual(expected);
    const text = await one.request('POST', '/reports/graphql', {
      body: query,
      headers: { 'content-type': 'application/graphql' },
    });
    expect(text.json()).toEqual(expected);
    expect((await one.get('/reports/schema.graphql')).body).toContain('type Query');
    expect((await one.get('/reports/schema.json')).json().data.__schema.types.length).toBeGreaterThan(50);
    const former = await app.server.inject({
      url: `/v1/reports/graphql?query=${encodeURIComponent(query)}`,
      headers: { authorization: `Basic ${Buffer.from('team-a-user:pass-word').toString('base64')}` },
    });
    expect(former.json()).toEqual(expected);
  });
});

describe('two accounts', () => {
  const everything = `{
    a: imagesByVulnerability { results { accountName vulnerabilityId images { digest tags { tagName } } } }
    b: vulnerabilityMatches { results { accountName digest } }
    c: policyEvaluationsByTag { results { accountName repositories { tags { tagName } } } }
    d: vulnerabilitiesByKubernetesContainer { results { accountName clusterName } }
    e: runtimeInventoryUnscannedImages { results { accountName inventory { context } } } }`;

  it('see their own rows only', async () => {
    const first = (await run(one, everything)).body;
    const second = (await run(two, everything)).body;
    expect(first).toContain('team-a');
    expect(first).not.toContain('team-b');
    expect(second).toContain('team-b');
    expect(second).not.toContain('team-a');
  });

  it('cannot use a token of each other, of another filter or of another list', async () => {
    const query =
      'query ($t: String) { imagesByVulnerability(limit: 1, nextToken: $t) { pageInfo { nextToken } results { vulnerabilityId } } }';
    const token = (await run(one, query)).json().data.imagesByVulnerability.pageInfo.nextToken;
    expect((await run(one, query, { t: token })).json().errors).toBeUndefined();
    const others = [
      run(two, query, { t: token }),
      run(one, query.replace('limit: 1', 'limit: 1, filter: {vulnerability: {severity: High}}'), { t: token }),
      run(one, query.replace('imagesBy', 'artifactsBy'), { t: token }),
      run(one, query, { t: 'garbage' }),
    ];
    for (const answer of await Promise.all(others)) {
      expect(answer.json().errors[0].extensions.code).toBe('TOKEN_INVALID');
      expect(Object.values(answer.json().data)).toEqual([null]);
    }
  });

  it('are seen together by administrators only', async () => {
    const query = '{ imagesByVulnerability { results { accountName } } }';
    expect((await one.post('/reports/global/graphql', { query })).statusCode).toBe(403);
    const all = (await admin.post('/reports/global/graphql', { query })).json();
    const names = new Set(
      all.data.imagesByVulnerability.results.map((row: { accountName: string }) => row.accountName),
    );
    expect([...names].sort()).toEqual(['team-a', 'team-b']);
    const filtered = '{ imagesByVulnerability(filter: {account: {name: "team-b"}}) { results { accountName } } }';
    expect((await admin.post('/reports/global/graphql', { query: filtered })).body).not.toContain('team-a');
    expect((await run(one, filtered)).json().errors[0].extensions.code).toBe('FILTER_INVALID');
  });
});

describe('hostile documents', () => {
  const deep = (n: number) => `{ __schema { types ${'{ fields { type '.repeat(n)}{ name }${' } }'.repeat(n)} } }`;
  const field = 'imagesByVulnerability(limit: 1) { results { vulnerabilityId } }';
  it.each([
    ['nesting', deep(30), /levels|depth/],
    ['deep text', `${'{ a '.repeat(3000)}${'}'.repeat(3000)}`, /levels|deep/],
    ['aliases', `{ ${Array.from({ length: 1000 }, (_, n) => `a${n}: ${field}`).join(' ')} }`, /fields|reports|tokens/],
    ['repetition', `{ imagesByVulnerability { results { ${'vulnerabilityId '.repeat(5000)} } } }`, /fields|[Tt]oken/],
    [
      'a cycle of fragments',
      'query { ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
      /itself|cycle/i,
    ],
    [
      'fragments that multiply',
      `query { ...F0 } ${Array.from({ length: 25 }, (_, n) => `fragment F${n} on Query { ${n === 24 ? field : `...F${n + 1} ...F${n + 1}`} }`).join(' ')}`,
      /fields|reports/,
    ],
    ['a huge document', `{ ${'# x\n'.repeat(40_000)} ${field} }`, /longer/],
    ['no document', 'hello', /Syntax Error/],
    ['an unknown field', '{ nothing }', /Cannot query field/],
    ['a subscription', 'subscription { a }', /subscription/i],
  ])('are refused: %s', async (_, query, message) => {
    const began = Date.now();
    const answer = await run(one, query);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors[0].message).toMatch(message);
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it.each([
    ['limit: 1000000', 'LIMIT_OUT_OF_RANGE'],
    ['limit: 0', 'LIMIT_OUT_OF_RANGE'],
    ['limit: -1', 'LIMIT_OUT_OF_RANGE'],
    ['filter: {vulnerability: {detectedInLast: -1}}', 'FILTER_INVALID'],
  ])('are told what to change: %s', async (args, code) => {
    const answer = await run(one, `{ imagesByVulnerability(${args}) { results { vulnerabilityId } } }`);
    expect(answer.json().errors[0].extensions.code).toBe(code);
  });

  it.each([
    ['[]', 'application/json'],
    ['{"query": 1}', 'application/json'],
    ['{"query": "{ __typename }", "variables": "["}', 'application/json'],
    ['{', 'application/json'],
    ['', 'application/json'],
  ])('are answered 400: %s', async (body, type) => {
    const answer = await one.request('POST', '/reports/graphql', { body, headers: { 'content-type': type } });
    expect(answer.statusCode).toBe(400);
  });

  it('do not change anything by GET', async () => {
    const query = encodeURIComponent('mutation { deleteScheduledQuery(uuid: "x") { ok } }');
    expect((await one.get(`/reports/graphql?query=${query}`)).statusCode).toBe(400);
  });

  it('do not turn text into SQL', async () => {
    const answer = await run(
      one,
      'query ($n: String) { imagesByVulnerability(filter: {artifact: {name: $n}}) { results { vulnerabilityId } } }',
      { n: "' or '1'='1\u0000%_" },
    );
    expect(answer.json()).toEqual({ data: { imagesByVulnerability: { results: [] } } });
  });
});
