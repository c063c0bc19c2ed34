import { describe, expect, it } from 'vitest';
import { factsOf, fileOf, packageOf } from '../testing/facts.ts';
import { fire, firedIds } from '../testing/judge.ts';
import type { PolicyFacts } from '../types.ts';

type Row = readonly [
  gate: string,
  trigger: string,
  params: Record<string, string>,
  facts: PolicyFacts,
  ids: string[] | number,
];

function text(path: string, content: string): PolicyFacts {
  return factsOf({
    retrievedFiles: { state: 'present', value: [{ path, content_base64: Buffer.from(content).toString('base64') }] },
  });
}

const license = (value: string, spdxExpression?: string) => ({
  licenses: [{ value, ...(spdxExpression ? { spdxExpression } : {}) }],
});
const packages = factsOf({
  packages: {
    state: 'present',
    value: [
      packageOf('deb', 'bash', '5.2.15-2', undefined, {
        files: [
          { path: '/bin/bash', mode: '0755', digest: 'md5:aa', size: 5 },
          { path: '/etc/bash.bashrc', isConfig: true, digest: 'md5:bb' },
          { path: '/usr/share/doc/bash', digest: 'md5:cc' },
        ],
      }),
      packageOf(
        'rpm',
        'curl',
        '1:7.76.1-14.el9',
        undefined,
        license('MIT AND (GPL-2.0-only OR Apache-2.0)', 'MIT AND (GPL-2.0-only OR Apache-2.0)'),
      ),
      packageOf('npm', 'left-pad', '1.0.0', '/n/node_modules/left-pad/package.json', license('AGPL-3.0-or-later')),
      packageOf('npm', 'left-pad', '1.3.0', '/m/node_modules/left-pad/package.json'),
    ],
  },
  files: {
    state: 'present',
    value: [
      fileOf('/bin', 0o777, { type: 'symlink', linkTarget: 'usr/bin' }),
      fileOf('/usr/bin/bash', 0o4755, { md5: 'ab', size: 5 }),
    ],
  },
});
const PASSWD = text(
  '/etc/passwd',
  'root:x:00:0:root:/root:/bin/bash\n\nshort\nftp:x:14:50:FTP:/var/ftp:/sbin/nologin\nroot:x:0:0::/:/bin/zsh\n',
);
const SSH = text('/etc/ssh/sshd_config', '# x\nPermitRootLogin yes\n');
const ancestors = factsOf({
  ancestors: {
    state: 'present',
    value: [
      { imageDigest: 'sha256:1', tags: ['docker.io/library/debian:12'] },
      { imageDigest: 'sha256:2', tags: [] },
    ],
  },
});
const drift = factsOf({
  packages: {
    state: 'present',
    value: [packageOf('deb', 'a', '2'), packageOf('deb', 'b', '1'), packageOf('npm', 'c', '1')],
  },
  previousPackages: { state: 'present', value: [packageOf('deb', 'a', '1'), packageOf('deb', 'd', '1')] },
});
const sources = factsOf({
  packages: { state: 'present', value: [packageOf('npm', 'a', '1.9.0')] },
  relatedSources: {
    state: 'present',
    value: [{ sourceId: 's', packages: [packageOf('npm', 'a', '1.10.0'), packageOf('npm', 'b', '1.0.0')] }],
  },
});
const malware = factsOf({
  malware: { state: 'present', value: { findings: [{ path: '/x', signature: 'Eicar', scanner: 'clamav' }] } },
});
const feeds = factsOf({
  ...packages,
  registryFeeds: {
    npm: { state: 'present', value: new Map([['left-pad', { latest: '1.3.0', versions: ['1.3.0'] }]]) },
    gem: { state: 'not-collected' },
  },
});
const stig = (evaluatedAt: string) =>
  factsOf({ stigEvaluations: { state: 'present', value: [{ evaluatedAt: '2020-01-01T00:00:00Z' }, { evaluatedAt }] } });

const ROWS: Row[] = [
  ['packages', 'required_package', { name: 'zsh' }, packages, 1],
  ['packages', 'required_package', { name: 'bash' }, packages, 0],
  ['packages', 'required_package', { name: 'bash', version: '5.2.15-2' }, packages, 0],
  ['packages', 'required_package', { name: 'bash', version: '5.2.15' }, packages, 1],
  ['packages', 'required_package', { name: 'bash', version: '5.10', version_match_type: 'minimum' }, packages, 1],
  ['packages', 'required_package', { name: 'left-pad', version: '1.2.0', version_match_type: 'minimum' }, packages, 0],
  ['packages', 'denylist', { name: 'left-pad' }, packages, 2],
  ['packages', 'denylist', { name: 'curl', version: '7.76.1' }, packages, 1],
  ['packages', 'blacklist', { name: 'curl', version: '7.76' }, packages, 0],
  ['packages', 'metadata', { name: 'left*', version: '1.3.0', version_comparison: '<' }, packages, ['left-pad-1.0.0']],
  ['packages', 'metadata', { name: 'left-pad', name_comparison: '!=', type: 'deb' }, packages, ['bash-5.2.15-2']],
  ['packages', 'verify', {}, packages, 2],
  ['packages', 'verify', { check: 'changed' }, packages, 1],
  ['packages', 'verify', { only_directories: '/usr/share' }, packages, 1],
  ['packages', 'verify', { only_packages: 'curl' }, packages, 0],
  ['licenses', 'denylist_exact_match', { licenses: 'gpl-2.0-only' }, packages, ['gpl-2.0-only+curl']],
  ['licenses', 'denylist_exact_match', { licenses: 'GPL-2.0' }, packages, 0],
  ['licenses', 'denylist_exact_match', { licenses: 'AND,OR' }, packages, 0],
  ['licenses', 'denylist_partial_match', { licenses: 'GPL', package_type: 'npm' }, packages, ['GPL+left-pad']],
  ['licenses', 'blacklist_partial_match', { licenses: 'GPL' }, packages, 2],
  ['passwd_file', 'denylist_usernames', { user_names: 'ftp,short' }, PASSWD, 2],
  ['passwd_file', 'denylist_userids', { user_ids: '0' }, PASSWD, 2],
  ['passwd_file', 'denylist_groupids', { group_ids: '50' }, PASSWD, 1],
  ['passwd_file', 'denylist_shells', { shells: '/bin/bash,/bin/zsh' }, PASSWD, 2],
  ['passwd_file', 'denylist_full_entry', { entry: 'ftp:x:14:50:FTP:/var/ftp:/sbin/nologin' }, PASSWD, 1],
  ['passwd_file', 'content_not_available', {}, PASSWD, 0],
  ['passwd_file', 'content_not_available', {}, factsOf(), 1],
  ['retrieved_files', 'content_not_available', { path: '/etc/x' }, SSH, 1],
  [
    'retrieved_files',
    'content_regex',
    { path: '/etc/ssh/sshd_config', check: 'match', regex: 'PermitRootLogin\\s+yes' },
    SSH,
    1,
  ],
  ['retrieved_files', 'content_regex', { path: '/etc/ssh/sshd_config', check: 'no_match', regex: 'Port' }, SSH, 1],
  ['malware', 'scans', {}, malware, ['clamav+Eicar+cc8755609ad61864910f145119713de9']],
  ['malware', 'scan_not_run', {}, malware, 0],
  ['malware', 'scan_not_run', {}, factsOf(), 1],
  ['ancestry', 'allowed_base_image_digest', { base_digest: 'sha256:1' }, ancestors, 0],
  ['ancestry', 'allowed_base_image_digest', { base_digest: 'sha256:2' }, ancestors, ['sha256:1']],
  ['ancestry', 'allowed_base_image_tag', { base_tag: 'debian:12' }, ancestors, 0],
  ['ancestry', 'allowed_base_image_tag', { base_tag: 'debian:11' }, ancestors, 1],
  ['ancestry', 'allowed_base_image_tag', { base_tag: 'debian:11' }, factsOf(), ['unknown_base']],
  ['ancestry', 'denylist_ancestor_image_digest', { ancestor_digest: 'sha256:2,sha256:3' }, ancestors, ['sha256:2']],
  ['ancestry', 'denylist_ancestor_image_tag', { ancestor_tag: 'debian:12' }, ancestors, ['debian:12']],
  ['ancestry', 'no_ancestors_analyzed', {}, ancestors, 0],
  ['ancestry', 'no_ancestors_analyzed', {}, factsOf(), 1],
  ['tag_drift', 'packages_added', {}, drift, ['deb/b', 'npm/c']],
  ['tag_drift', 'packages_added', { package_type: 'npm' }, drift, ['npm/c']],
  ['tag_drift', 'packages_removed', {}, drift, ['deb/d']],
  ['tag_drift', 'packages_modified', {}, drift, ['deb/a']],
  ['tag_drift', 'packages_added', {}, factsOf({ previousPackages: { state: 'present', value: null } }), 0],
  ['image_source_drift', 'package_downgraded', {}, sources, ['npm/a']],
  ['image_source_drift', 'package_removed', {}, sources, ['npm/b']],
  ['image_source_drift', 'no_related_sources', {}, factsOf({ relatedSources: { state: 'present', value: [] } }), 1],
  ['stig', 'no_stig_evaluations_available', {}, factsOf({ stigEvaluations: { state: 'present', value: [] } }), 1],
  ['stig', 'stig_evaluations_outdated', { max_days_since_stig_evaluation: '30' }, stig('2026-02-20T00:00:00Z'), 0],
  ['stig', 'stig_evaluations_outdated', { max_days_since_stig_evaluation: '3' }, stig('2026-02-20T00:00:00Z'), 1],
  ['npms', 'newer_version_in_feed', {}, feeds, 1],
  ['npms', 'version_not_in_feeds', {}, feeds, 1],
  ['npms', 'unknown_in_feeds', {}, feeds, 0],
  ['npms', 'blacklisted_name_version', { name: 'left-pad', version: '1.0.0' }, packages, 1],
  ['npms', 'feed_data_unavailable', {}, feeds, 0],
  ['ruby_gems', 'feed_data_unavailable', {}, feeds, 1],
  ['distro', 'deny', { distro: 'debian', version: '9', check: '>' }, factsOf(), ['debian+12']],
  ['distro', 'deny', { distro: 'debian', version: '12', check: '<' }, factsOf(), 0],
  ['distro', 'deny', { distro: 'ubuntu', version: '99', check: '<' }, factsOf(), 0],
  ['metadata', 'attribute', { attribute: 'size', check: '>', value: '1kb' }, factsOf(), 0],
  ['metadata', 'attribute', { attribute: 'size', check: '<=', value: '1000' }, factsOf(), 1],
  ['metadata', 'attribute', { attribute: 'architecture', check: 'not_in', value: 'amd64, arm64' }, factsOf(), 0],
  ['metadata', 'attribute', { attribute: 'architecture', check: 'in', value: 'x86, amd64' }, factsOf(), 1],
  ['metadata', 'attribute', { attribute: 'os_type', check: 'like', value: 'lin' }, factsOf(), 1],
  ['metadata', 'attribute', { attribute: 'os_type', check: '!=', value: 'linux' }, factsOf(), 0],
  ['metadata', 'attribute', { attribute: 'distro_version', check: '>', value: '9' }, factsOf(), 1],
  ['metadata', 'attribute', { attribute: 'layer_count', check: '>=', value: '3' }, factsOf(), 1],
  ['metadata', 'attribute', { attribute: 'layer_count', check: 'in', value: '2,3' }, factsOf(), 1],
  ['metadata', 'attribute', { attribute: 'like_distro', check: 'not_exists' }, factsOf(), 1],
  ['metadata', 'attribute', { attribute: 'like_distro', check: 'like', value: '.*' }, factsOf(), 0],
  ['metadata', 'attribute', { attribute: 'distro', check: 'exists' }, factsOf(), 1],
];

describe('triggers', () => {
  it.each(ROWS)('%s.%s %j', (gate, trigger, params, facts, ids) => {
    const fired = firedIds(gate, trigger, params, facts);
    if (typeof ids === 'number') expect(fired).toHaveLength(ids);
    else expect(fired.sort()).toEqual(ids);
  });

  it('a captured path that the image lacks is no problem; one that was not captured is', () => {
    const rule = ['retrieved_files', 'content_regex', { path: '/etc/x', check: 'no_match', regex: 'a' }] as const;
    expect(fire(...rule, factsOf()).problems).toEqual([]);
    const there = factsOf({ files: { state: 'present', value: [fileOf('/etc/x', 0o644)] } });
    expect(fire(...rule, there).problems).toMatchObject([{ severity: 'warn', problem_type: 'not_collected' }]);
  });

  it('a changed file names what differs', () => {
    const [changed] = fire('packages', 'verify', { check: 'changed' }, packages).findings;
    expect(changed!.message).toContain('md5 ab instead of aa, mode 4755 instead of 755');
  });
});
