import { describe, expect, it } from 'vitest';
import { factsOf, fileOf, packageOf, vulnerabilityOf } from './testing/facts.ts';
import { firedIds } from './testing/judge.ts';
import type { PolicyFacts } from './types.ts';

const CVE = 'CVE-2020-1';

function matchOf(...pkg: Parameters<typeof packageOf>): PolicyFacts {
  return factsOf({ vulnerabilities: { state: 'present', value: [vulnerabilityOf(CVE, packageOf(...pkg))] } });
}

function withConfig(config: Record<string, unknown>): PolicyFacts {
  const facts = factsOf();
  return { ...facts, image: { ...facts.image, config } };
}

/** Ids that allowlists written elsewhere hold. */
const VECTORS: [string, string, Record<string, string>, PolicyFacts, string][] = [
  ['always', 'always', {}, factsOf(), 'always'],
  ['vulnerabilities', 'package', { package_type: 'all' }, matchOf('deb', 'pkg', '1.0'), 'CVE-2020-1+pkg'],
  [
    'vulnerabilities',
    'package',
    { package_type: 'all' },
    matchOf('java-archive', 'foo', '1.0', '/a/b/foo-1.0.jar'),
    'CVE-2020-1+foo-1.0.jar',
  ],
  [
    'vulnerabilities',
    'package',
    { package_type: 'all' },
    matchOf('npm', 'foo', '1.0', '/a/node_modules/foo/package.json'),
    'CVE-2020-1+foo',
  ],
  [
    'vulnerabilities',
    'package',
    { package_type: 'all' },
    matchOf('go-module', 'pkg', '1.0', '/bin/tool'),
    'CVE-2020-1+pkg-1.0',
  ],
  [
    'vulnerabilities',
    'package',
    { package_type: 'all' },
    matchOf('gem', 'rake', '1.0', '/gems/specifications/rake-1.0.gemspec'),
    'CVE-2020-1+rake-1.0.gemspec',
  ],
  [
    'dockerfile',
    'instruction',
    { instruction: 'HEALTHCHECK', check: 'not_exists' },
    withConfig({ User: 'x' }),
    '41cb7cdf04850e33a11f80c42bf660b3',
  ],
  [
    'dockerfile',
    'effective_user',
    { users: 'root', type: 'denylist' },
    withConfig({ Env: [] }),
    'cbff271f45d32e78dcc1979dbca9c14d',
  ],
  [
    'dockerfile',
    'exposed_ports',
    { ports: '22', type: 'denylist' },
    withConfig({ ExposedPorts: { '22/tcp': {} } }),
    '94f1be4261f132c97cbb7a32f631a0e1',
  ],
  [
    'files',
    'suid_or_guid_set',
    {},
    factsOf({ files: { state: 'present', value: [fileOf('/usr/bin/chage', 0o4755)] } }),
    '639f6f1177735759703e928c14714a59',
  ],
  [
    'files',
    'suid_or_guid_set',
    {},
    factsOf({ files: { state: 'present', value: [fileOf('/usr/bin/expiry', 0o2755)] } }),
    'eec438eed6560f1ea7792b726009538e',
  ],
  [
    'vulnerabilities',
    'stale_feed_data',
    { max_days_since_sync: '2' },
    factsOf({ feed: { builtAt: '2026-02-01T00:00:00Z', coversDistro: true } }),
    'deb3f1afb4ea0ddf587e6c62c341c6fa',
  ],
];

describe('trigger ids', () => {
  it.each(VECTORS)('%s.%s %j', (gate, trigger, params, facts, id) => {
    expect(firedIds(gate, trigger, params, facts)).toEqual([id]);
  });

  it('retrieved_files.content_regex uses rule id and path', () => {
    const facts = factsOf({
      retrievedFiles: {
        state: 'present',
        value: [{ path: '/etc/x', content_base64: Buffer.from('key value\n').toString('base64') }],
      },
    });
    const ids = firedIds(
      'retrieved_files',
      'content_regex',
      { path: '/etc/x', check: 'match', regex: 'key value' },
      facts,
    );
    expect(ids).toEqual(['retrieved_files-content_regex+file:///etc/x']);
  });
});
