import { describe, expect, it } from 'vitest';
import { cpeCandidates } from './cpe.ts';

const names = (type: Parameters<typeof cpeCandidates>[0]['type'], name: string, version: string, metadata = {}) =>
  cpeCandidates({ type, name, version, metadata }).map((cpe) => cpe.split(':').slice(3, 6).join(':'));

describe('cpeCandidates', () => {
  it.each([
    ['npm', 'lodash', '4.17.20', {}, 'lodash:lodash:4.17.20'],
    ['npm', '@angular/core', '1.0.0', {}, 'angular:core:1.0.0'],
    ['python', 'Jinja2', '3.1.2', {}, 'palletsprojects:jinja2:3.1.2'],
    ['python', 'python-dateutil', '2.8', {}, 'python-dateutil:dateutil:2.8'],
    ['gem', 'rails', '7.0', {}, 'rubyonrails:rails:7.0'],
    ['java-archive', 'spring-core', '5.3.1', { groupId: 'org.springframework' }, 'vmware:spring-core:5.3.1'],
    ['java-archive', 'log4j-core', '2.14.1', { groupId: 'org.apache.logging.log4j' }, 'apache:log4j:2.14.1'],
    ['jenkins-plugin', 'git', '4.11.0', { groupId: 'org.jenkins-ci.plugins' }, 'jenkins:git:4.11.0'],
    ['go-module', 'github.com/hashicorp/consul/v2', 'v2.1.0', {}, 'hashicorp:consul:2.1.0'],
    ['go-module', 'golang.org/x/net', 'v0.3.0', {}, 'golang:net:0.3.0'],
    ['go-module', 'gopkg.in/yaml.v3', 'v3.0.1', {}, 'yaml_project:yaml:3.0.1'],
  ] as const)('%s %s', (type, name, version, metadata, expected) => {
    expect(names(type, name, version, metadata)).toContain(expected);
  });

  it('exchanges dashes and underscores', () => {
    expect(names('gem', 'a-b', '1')).toEqual(expect.arrayContaining(['a-b:a-b:1', 'a_b:a_b:1', 'a-b:a_b:1']));
  });

  it('gives none without a version', () => {
    expect(names('npm', 'x', '')).toEqual([]);
  });
});
