import { describe, expect, it } from 'vitest';
import { AnalyzerConfigError, readAnalyzerConfig } from './analyzer-config.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';

const read = (text: string) => readAnalyzerConfig(text, DEFAULT_SETTINGS);

describe('analyzer_config.yaml', () => {
  it('sets searches and files', () => {
    const { settings, unused } = read(`
retrieve_files:
  file_list: ['/etc/passwd', '/etc/group']
  max_file_size_kb: 10
secret_search:
  match_params: ['MAXFILESIZE=5000000', 'STOREONMATCH=n']
  regexp_match:
    - 'TOKEN=(?i).*token=[a-z]{3}'
content_search:
  match_params: []
  regexp_match: ['EXAMPLE=.*(?P<x>a)(?P=x)=']
malware: { clamav: { enabled: true } }
`);
    expect(settings).toEqual({
      ...DEFAULT_SETTINGS,
      retrieveFiles: ['/etc/passwd', '/etc/group'],
      retrieveMaxFileSize: 10_240,
      secretSearchMaxFileSize: 5_000_000,
      secretRules: [{ name: 'TOKEN', regex: '(?i).*token=[a-z]{3}' }],
      contentRules: [{ name: 'EXAMPLE', regex: '.*(?P<x>a)(?P=x)=' }],
    });
    expect(unused).toEqual(['malware']);
  });

  it('leaves what it does not name', () => {
    expect(read('').settings).toEqual(DEFAULT_SETTINGS);
    expect(read('secret_search: { match_params: [] }').settings).toEqual(DEFAULT_SETTINGS);
    expect(read('secret_search: { regexp_match: }').settings.secretRules).toEqual([]);
  });

  it.each([
    ['a: [', /no YAML/],
    ['- a', /no YAML object/],
    ['content_search: { regexp_match: [abc] }', /"abc" is not of the form/],
    ["secret_search: { regexp_match: ['A=('] }", /expression of A cannot be used/],
    ["secret_search: { match_params: ['MAXFILESIZE=x'] }", /MAXFILESIZE is no number/],
    ['retrieve_files: { file_list: [etc] }', /absolute paths/],
    ['retrieve_files: { max_file_size_kb: -1 }', /max_file_size_kb/],
  ])('%s is refused', (text, message) => {
    expect(() => read(text)).toThrow(AnalyzerConfigError);
    expect(() => read(text)).toThrow(message);
  });
});
