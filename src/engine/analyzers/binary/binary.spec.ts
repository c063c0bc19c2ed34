import { describe, expect, it } from 'vitest';
import { buildElf } from '../../formats/elf/elf-builder.fixture.ts';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { binaryAnalyzer } from './index.ts';

function program(text: string): Buffer {
  return buildElf([{ name: '.rodata', content: Buffer.from(`\0${text}\0`, 'latin1') }]);
}

describe('binary', () => {
  it.each([
    ['/usr/local/bin/python3.11', 'x\x003.11.4\x00y', 'python@3.11.4'],
    ['/usr/local/lib/libpython3.12.so.1.0', '3.12.0rc1', 'python@3.12.0rc1'],
    ['/usr/local/bin/node', 'node.js/v20.1.0 ', 'node@20.1.0'],
    ['/bin/busybox', 'BusyBox v1.36.1 (2023-11-07)', 'busybox@1.36.1'],
    ['/usr/bin/openssl', 'OpenSSL 1.1.1w  11 Sep 2023', 'openssl@1.1.1w'],
    ['/usr/sbin/nginx', 'nginx version: nginx/1.25.3', 'nginx@1.25.3'],
    ['/usr/local/bin/redis-server', '7.2.4\x00c11-builtin', 'redis@7.2.4'],
    ['/usr/lib/postgresql/16/bin/postgres', 'PostgreSQL 16.1 on x86_64-pc-linux-musl', 'postgresql@16.1'],
    ['/usr/sbin/haproxy', ' version 2.6.12-1, released 2023/04/01', 'haproxy@2.6.12'],
    ['/usr/local/apache2/bin/httpd', 'Apache/2.4.58 (Unix)', 'httpd@2.4.58'],
    ['/usr/bin/memcached', 'memcached 1.6.23', 'memcached@1.6.23'],
    ['/usr/local/bin/php', 'X-Powered-By: PHP/8.3.0RC1', 'php@8.3.0RC1'],
    ['/usr/lib/libruby.so.3.2.2', 'ruby 3.2.2 (2023-03-30 revision e51014f9c0) [x86_64-linux]', 'ruby@3.2.2'],
    ['/usr/local/bin/perl', '/usr/local/lib/perl5/5.38.0', 'perl@5.38.0'],
    ['/bin/bash', '@(#)Bash version 5.2.21(1) release GNU', 'bash@5.2.21'],
    ['/usr/bin/curl', 'curl/8.5.0', 'curl@8.5.0'],
    ['/usr/sbin/mariadbd', '11.2.2-MariaDB-1:11.2.2', 'mariadb@11.2.2'],
  ])('%s', (path, text, expected) => {
    expect(rows(analyzeFiles(binaryAnalyzer, { [path]: program(text) }).packages)).toEqual([`${expected} ${path}`]);
  });

  it.each([
    ['a script of that name', '/usr/bin/node', Buffer.from('#!/bin/sh\nnode.js/v20.1.0')],
    ['another program', '/usr/bin/other', program('node.js/v20.1.0')],
    ['a format string', '/usr/sbin/nginx', program('nginx version: %s')],
    ['another version of Python than the name says', '/usr/bin/python3.11', program('x\x003.9.4\x00y')],
  ])('does not take %s', (_, path, bytes) => {
    expect(analyzeFiles(binaryAnalyzer, { [path]: bytes }).packages).toEqual([]);
  });

  it('reads versions that stand in text files', () => {
    const { packages } = analyzeFiles(binaryAnalyzer, {
      '/usr/local/go/VERSION': 'go1.21.3\ntime 2023-10-09\n',
      '/app/VERSION': 'go1.21.3',
      '/usr/lib/erlang/releases/26/OTP_VERSION': '26.1.2\n',
    });
    expect(rows(packages)).toEqual([
      'go@1.21.3 /usr/local/go/VERSION',
      'erlang@26.1.2 /usr/lib/erlang/releases/26/OTP_VERSION',
    ]);
  });

  it('writes release and update of a version apart', () => {
    const { packages } = analyzeFiles(binaryAnalyzer, {
      '/usr/bin/ruby': program('ruby 3.1.2p20 (2022-04-12 revision 4491bb740a)'),
    });
    expect(packages[0]?.cpes).toEqual(['cpe:2.3:a:ruby-lang:ruby:3.1.2:p20:*:*:*:*:*:*']);
  });
});
