import { describe, expect, it } from 'vitest';
import { factsOf, fileOf } from '../../testing/facts.ts';
import { fire, firedIds } from '../../testing/judge.ts';

const facts = factsOf({
  files: {
    state: 'present',
    value: [
      fileOf('/etc/passwd', 0o644, { sha256: 'ab' }),
      fileOf('/key.pem', 0o600),
      fileOf('/key.pem.bak', 0o600),
      fileOf('/tmp', 0o1777, { type: 'directory' }),
      fileOf('/var/mail', 0o2775, { type: 'directory' }),
      fileOf('/link', 0o4777, { type: 'symlink', linkTarget: '/etc/passwd' }),
      fileOf('/hard', 0o644, { type: 'hardlink', linkTarget: '/etc/passwd' }),
    ],
  },
  contentSearch: { state: 'present', value: [{ path: '/a', name: 'PASS', regex: 'pass.*', lines: [0] }] },
});

describe('files', () => {
  it.each([
    ['name_match', { regex: '.*\\.pem' }, 2],
    ['name_match', { regex: '.*\\.pem$' }, 1],
    ['name_match', { regex: 'key' }, 0],
    ['content_regex_match', {}, 1],
    ['content_regex_match', { regex_name: 'PASS' }, 1],
    ['content_regex_match', { regex_name: 'pass.*' }, 1],
    ['content_regex_match', { regex_name: 'PAS' }, 0],
    ['suid_or_guid_set', {}, 1],
    ['attribute_match', { filename: '/etc/passwd' }, 0],
    ['attribute_match', { filename: '/etc/passwd', mode: '0644' }, 1],
    ['attribute_match', { filename: '/etc/passwd', mode: '0o100644' }, 1],
    ['attribute_match', { filename: '/etc/passwd', mode: '644', mode_op: 'not_equals' }, 0],
    ['attribute_match', { filename: '/etc/passwd', mode: '600', mode_op: 'not_equals' }, 1],
    ['attribute_match', { filename: '/etc/passwd', checksum: 'AB' }, 1],
    ['attribute_match', { filename: '/etc/passwd', checksum: 'cd', checksum_match: 'not_equals', mode: '644' }, 1],
    ['attribute_match', { filename: '/etc/passwd', checksum: 'ab', mode: '600' }, 0],
    ['attribute_match', { filename: '/hard', checksum: 'ab' }, 1],
    ['attribute_match', { filename: '/none', mode: '600' }, 0],
    ['attribute_match', { filename: '/none', mode: '600', skip_missing: 'false' }, 1],
  ] as const)('%s %j: %i', (trigger, params, count) => {
    expect(firedIds('files', trigger, params as Record<string, string>, facts)).toHaveLength(count);
  });

  it('a missing checksum is an error, not a match', () => {
    const result = fire(
      'files',
      'attribute_match',
      { filename: '/key.pem', checksum: 'ab', checksum_match: 'not_equals' },
      facts,
    );
    expect(result).toMatchObject({
      findings: [],
      problems: [{ problem_type: 'facts_incomplete' }],
      finalAction: 'stop',
    });
  });
});

describe('secret_scans', () => {
  const secrets = factsOf({
    secrets: {
      state: 'present',
      value: [
        { path: '/etc/key', name: 'API_KEY', regex: 'k', lines: [3] },
        { path: '/root/id', name: 'PRIV_KEY', regex: 'p', lines: [0] },
      ],
    },
  });

  it.each([
    [{}, 2],
    [{ content_regex_name: 'API_KEY' }, 1],
    [{ content_regex_name: 'MY_API_KEY' }, 0],
    [{ filename_regex: '/etc/.*' }, 1],
    [{ filename_regex: 'etc' }, 0],
    [{ match_type: 'notfound' }, 0],
    [{ match_type: 'notfound', content_regex_name: 'AWS_SECRET_KEY' }, 1],
  ])('%j: %i', (params, count) => {
    expect(firedIds('secret_scans', 'content_regex_checks', params as Record<string, string>, secrets)).toHaveLength(
      count,
    );
  });
});
