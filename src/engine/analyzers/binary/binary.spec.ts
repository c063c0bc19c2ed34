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
    ['/usr/sbin/sshd', 'OpenSSH_9.2\0OpenSSH_9.2p1 Debian-2', 'openssh@9.2p1'],
    ['/usr/sbin/dropbear', 'SSH-2.0-dropbear_2022.83', 'dropbear@2022.83'],
    ['/usr/sbin/slapd', '@(#) $OpenLDAP: slapd 2.5.13+dfsg-5 (Feb  8 2023)', 'openldap@2.5.13'],
    ['/opt/krb5/libkrb5.so.3.3', 'KRB5_BRAND: krb5-1.20.1-final 1.20.1 20221111', 'krb5@1.20.1'],
    ['/usr/sbin/exim4', '4.96\0<<eximversion>>', 'exim@4.96'],
    ['/usr/sbin/openvpn', 'OpenVPN 2.6.0 needs it\0OpenVPN 2.6.14 x86_64-pc-linux-gnu [SSL', 'openvpn@2.6.14'],
    ['/usr/sbin/mosquitto', '2.0.11\0mosquitto version %s', 'mosquitto@2.0.11'],
    ['/usr/bin/git', 'git/2.39.5\0GIT_USER_AGENT', 'git@2.39.5'],
    ['/usr/bin/luajit', 'LuaJIT 2.1.0-beta3', 'luajit@2.1.0-beta3'],
    ['/usr/local/bin/gcc', '13.2.0\0(GCC) \0gcc version %s', 'gcc@13.2.0'],
    ['/usr/bin/jq', 'jq-1.7.1\0', 'jq@1.7.1'],
    ['/usr/local/bin/ffmpeg', '%s version n6.1.1-x', 'ffmpeg@6.1.1'],
    ['/usr/bin/sudo', 'Sudo version %s\x001.9.13p3', 'sudo@1.9.13p3'],
    ['/app/pillow.libs/libpng16-1a2b3c4d.so.16.40.0', 'libpng version 1.6.40', 'libpng@1.6.40'],
    ['/app/x.libs/libz-6d5b3d8e.so.1.2.11', ' deflate 1.2.11 Copyright 1995', 'zlib@1.2.11'],
    ['/usr/lib/libsqlite3.so.0', '3.40.1\0;', 'sqlite@3.40.1'],
    ['/opt/qt/libQt6Core.so.6', 'Qt 6.4.2 (x86_64-little_endian-lp64 shared', 'qtbase@6.4.2'],
    ['/bin/mount', 'util-linux 2.38.1', 'util-linux@2.38.1'],
    ['/usr/sbin/named', 'BIND 9 is maintained by\0BIND 9.18.49-1~deb12u3-Debian', 'bind@9.18.49'],
    ['/usr/sbin/rsyslogd', 'This is rsyslog version 8.2302.0', 'rsyslog@8.2302.0'],
    ['/usr/bin/qemu-system-x86_64', 'QEMU emulator version 7.2.22 (Debian', 'qemu@7.2.22'],
    ['/usr/bin/qemu-aarch64-static', 'qemu-aarch64 version 8.1.5', 'qemu@8.1.5'],
    ['/usr/bin/tcpdump', '%s version 4.99.3', 'tcpdump@4.99.3'],
    ['/usr/bin/nmap', '1.12\x007.93', 'nmap@7.93'],
    ['/usr/bin/gpg', "GNU Privacy Guard's OpenPGP server 2.2.40 ready", 'gnupg@2.2.40'],
    ['/usr/lib/libMagickCore-6.Q16.so.6.0.0', 'ImageMagick 6.9.11-60 Q16 x86_64', 'imagemagick@6.9.11-60'],
    ['/usr/bin/rsync', '1.2.13\x003.2.7', 'rsync@3.2.7'],
    ['/usr/bin/wget', '1.2.13\x001.21.3', 'wget@1.21.3'],
    ['/bin/tar', '1.34', 'tar@1.34'],
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
