import { describe, expect, it } from 'vitest';
import { documentOf, PREPARED_REPORTS, scopedReport } from '#contract/prepared-reports.ts';
import { reportFilter } from '#contract/report-filters.ts';
import type { ReportSchedule } from '#contract/windlass-report-schedules.ts';
import { serverAddresses } from '../../web/src/identity-providers/provider.ts';
import { draftOf, oidcBody, samlBody } from '../../web/src/identity-providers/provider-draft.ts';
import { chartScale, nearestTime, niceStep } from '../../web/src/overview/chart-scale.ts';
import { evaluationFigures, pointsOf, vulnerabilityFigures } from '../../web/src/overview/metrics.ts';
import { graphiqlLink } from '../../web/src/reports/graphiql-link.ts';
import {
  filtersInWords,
  findReport,
  reportSearch,
  reportVariables,
  shownColumns,
} from '../../web/src/reports/report-search.ts';
import { previewSchedule } from '../../web/src/schedules/cron-words.ts';
import { bodyOf, newDraft, sourceOf } from '../../web/src/schedules/schedule-draft.ts';

const matches = findReport('vulnerability-matches', false)!;

describe('the address of a report', () => {
  it('keeps what filters take, and nothing else', () => {
    expect(
      reportSearch({
        id: 2024,
        severity: ['High', 'Critical', 'Terrible'],
        isKev: true,
        epss: '0.5',
        detectedInLast: 0.5,
        fixAvailable: 'yes',
        detectedAfter: 'now',
        package: '  ',
        columns: ['severity', 1],
        scope: 'global',
        constructor: 'x',
      }),
    ).toEqual({
      id: '2024',
      severity: ['Critical', 'High'],
      isKev: true,
      epss: 0.5,
      columns: ['severity'],
      scope: 'global',
    });
    expect(reportSearch({ epss: 2, severity: 'High', detectedAfter: '2026-01-01T10:00' })).toEqual({
      severity: ['High'],
      detectedAfter: '2026-01-01T10:00',
    });
  });
  it('gives the variables of the report: no foreign ones, and no switch that stands as usual', () => {
    const values = { id: 'CVE-*', currentOnly: true, openOnly: false, cluster: 'x' };
    expect(reportVariables(matches, values)).toEqual({ id: 'CVE-*', openOnly: false });
    const history = findReport('policy-history', false)!;
    expect(reportVariables(history, { currentOnly: false, latestOnly: true })).toEqual({ latestOnly: true });
    expect(filtersInWords(matches, { severity: ['High'], isKev: false })).toEqual([
      'Severity: High',
      'Known to be exploited: no',
    ]);
  });
  it('chooses columns; the usual ones when it names none that exist', () => {
    expect(shownColumns(matches, { columns: ['digest', 'gone'] }).map(({ path }) => path)).toEqual(['digest']);
    expect(shownColumns(matches, { columns: ['gone'] })).toEqual(matches.columns.filter(({ extra }) => !extra));
  });
  it('leads to the page for queries with all that is asked', () => {
    const link = graphiqlLink({ global: false, account: 'other', document: '{ a }', variables: { id: '&' } });
    const search = new URL(link, 'http://host').searchParams;
    expect(Object.fromEntries(search)).toEqual({
      query: '{ a }',
      variables: '{\n  "id": "&"\n}',
      account: 'other',
    });
    expect(graphiqlLink({ global: true, account: 'other' })).toBe('/v2/reports/global/graphql');
  });
});

describe.each(PREPARED_REPORTS.map((report) => [report.name, report] as const))('prepared report %s', (_, report) => {
  it('declares and uses each of its filters once', () => {
    for (const name of report.filters) {
      expect(report.query.split(`$${name}: ${reportFilter(name).type}`)).toHaveLength(2);
      expect(report.query.match(new RegExp(`\\$${name}\\b`, 'g'))).toHaveLength(2);
    }
    expect(new Set(report.columns.map(({ path }) => path)).size).toBe(report.columns.length);
  });
  it('has the account over all accounts', () => {
    const global = scopedReport(report, true);
    expect(global.query).toContain('results { accountName ');
    expect(report.query).not.toContain('accountName');
  });
  it('is known again when it was scheduled', () => {
    const asked = { report, columns: shownColumns(report, {}), values: {}, global: false };
    const stored = { ...bodyOf(newDraft(asked)), scope: 'account' } as unknown as ReportSchedule;
    expect(sourceOf(stored)).toEqual({ kind: 'report', asked });
  });
});

describe('a scheduled query', () => {
  it('that is no prepared report stays a document', () => {
    const query = documentOf(matches, matches.columns.slice(0, 1));
    const columns = [{ path: 'vulnerabilityId' }];
    const foreign = { query, columns, variables: { limit: 5 }, scope: 'account' } as unknown as ReportSchedule;
    expect(sourceOf(foreign)).toMatchObject({ kind: 'document', variables: '{\n  "limit": 5\n}' });
    const draft = newDraft({ report: matches, columns: matches.columns, values: {}, global: false });
    const own = { ...draft, source: { kind: 'document' as const, document: '{ a }', variables: '[1]' } };
    expect(() => bodyOf(own)).toThrow('JSON object');
  });
  it.each([
    ['0 * * * *', 'Every hour at 00 past every day'],
    ['*/15 * * * *', 'Every 15 minutes every day'],
    ['30 7 * * 1-5', 'At 07:30 on Monday to Friday'],
    ['0 6,18 * * *', 'At 06:00 and 18:00 every day'],
    ['0 */6 * * 0', 'At 00:00, 06:00, 12:00, and 18:00 on Sunday'],
    ['5 */2 * * *', 'At 05 past, every 2 hours every day'],
    ['0 0 1 1,7 *', 'At 00:00 on day 1 of the month in January and July'],
    ['0 0 13 * 5', 'At 00:00 on day 13 of the month or on Friday'],
  ])('%s is "%s"', (cron, words) => expect(previewSchedule(cron, 'UTC', new Date(0))).toMatchObject({ words }));
  it('shows its next times by the clocks of its zone, and what is wrong', () => {
    const after = new Date('2026-03-28T12:00:00Z');
    expect(previewSchedule('0 6 * * *', 'Europe/Berlin', after)).toMatchObject({
      next: ['2026-03-29T04:00:00Z', '2026-03-30T04:00:00Z', '2026-03-31T04:00:00Z'].map((time) => new Date(time)),
    });
    expect(previewSchedule('0 6 * *', 'UTC', after)).toMatchObject({ problem: expect.stringContaining('five fields') });
    expect(previewSchedule('0 6 * * *', 'Mars/Olympus', after)).toEqual({ problem: 'There is no such time zone.' });
  });
});

describe('figures over time', () => {
  it('are sums of metrics where all have a value', () => {
    const pass = evaluationFigures('current')[0]!;
    const at = (time: string, value: number) => ({ at: time, value });
    const series = pass.metrics.map((id, index) => ({
      id,
      name: id,
      description: '',
      points: [at('2026-01-01T00:00:00Z', 2), ...(index === 0 ? [at('2026-01-01T01:00:00Z', 5)] : [])],
    }));
    expect(pointsOf(pass, series)).toEqual([{ at: Date.parse('2026-01-01T00:00:00Z'), value: 4 }]);
  });
  it('lead to reports whose filters exist', () => {
    for (const collection of ['all', 'current'] as const)
      for (const { report } of [...vulnerabilityFigures(collection), ...evaluationFigures(collection)]) {
        const prepared = findReport(report!.name, false)!;
        expect(reportSearch({ ...report!.values })).toEqual(report!.values);
        for (const name of Object.keys(report!.values)) expect(prepared.filters).toContain(name);
      }
  });
  it('are drawn from 0 to a round value above the largest', () => {
    expect([0, 1, 3, 7, 12, 4200].map(niceStep)).toEqual([1, 1, 5, 10, 20, 5000]);
    const area = { left: 0, right: 100, top: 0, bottom: 50 };
    const scale = chartScale([{ points: [{ at: 5, value: 9 }] }], { start: 0, end: 10, area });
    expect([scale.x(5), scale.y(0), scale.values.at(-1)?.value, scale.timeAt(50)]).toEqual([50, 50, 10, 5]);
    expect(nearestTime([0, 10], 6)).toBe(10);
    expect(nearestTime([], 6)).toBeUndefined();
  });
});

describe('identity providers', () => {
  const origin = 'https://windlass.example.com';
  it('get the addresses that follow from their names; empty fields and kept secrets are left out', () => {
    const draft = { ...draftOf(undefined, origin), name: ' corp ', default_account: 'people' };
    expect(JSON.parse(JSON.stringify(samlBody({ ...draft, idp_metadata_url: 'https://idp/m' }, origin)))).toEqual({
      name: 'corp',
      enabled: true,
      default_account: 'people',
      sp_entity_id: origin,
      acs_url: `${origin}/v2/windlass/saml/acs/corp`,
      idp_metadata_url: 'https://idp/m',
      require_signed_assertions: true,
      require_signed_response: true,
    });
    const oidc = oidcBody({ ...draft, kind: 'oidc', issuer: 'https://idp', client_id: 'w' }, origin);
    expect(oidc.redirect_uri).toBe(`${origin}/v2/windlass/oidc/callback/corp`);
    expect(oidc.client_secret).toBeUndefined();
  });
  it('are shown the port that replaces the one of the address', () => {
    const settings = { ...samlBody({ ...draftOf(undefined, origin), name: 'corp', acs_https_port: 8443 }, origin) };
    const addresses = serverAddresses({ kind: 'saml', settings: settings as never }, origin);
    expect(addresses.map(({ address }) => address)).toContain(
      'https://windlass.example.com:8443/v2/windlass/saml/acs/corp',
    );
  });
});
