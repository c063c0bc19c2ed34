import { after, type Product, type TextProduct } from './product.ts';
import { LIBRARY_PRODUCTS } from './products-libraries.ts';
import { SERVER_PRODUCTS } from './products-servers.ts';
import { SYSTEM_PRODUCTS } from './products-system.ts';
import { TOOL_PRODUCTS } from './products-tools.ts';

/** Products looked for in executables, by file name. All anchors are strings that the programs print about themselves. */
export const PRODUCTS: readonly Product[] = [
  ...SERVER_PRODUCTS,
  ...TOOL_PRODUCTS,
  ...SYSTEM_PRODUCTS,
  ...LIBRARY_PRODUCTS,
  {
    name: 'python',
    file: /^(?:lib)?python(\d+\.\d+)[a-z]*(?:\.so(?:\.[\d.]+)?|\.dylib|\.exe)?$/,
    signatures: [{ anchor: '\0{0}.', pattern: /^\0(?<version>\d+\.\d+\.\d+(?:a|b|rc)?\d*)\+?\0/ }],
    cpes: [
      ['python_software_foundation', 'python'],
      ['python', 'python'],
    ],
  },
  {
    name: 'node',
    file: /^(node|nodejs|libnode\.so.*|node\.exe)$/,
    signatures: [
      { anchor: 'node.js/v', pattern: after('^node\\.js/v', String.raw`(?<version>\d+\.\d+\.\d+)`) },
      { anchor: 'download/release/v', pattern: after('^download/release/v', String.raw`(?<version>\d+\.\d+\.\d+)`) },
    ],
    cpes: [['nodejs', 'node.js']],
  },
  {
    name: 'busybox',
    file: /^busybox|^(\[|sh|ash)$/,
    signatures: [{ anchor: 'BusyBox v', pattern: after('^BusyBox v') }],
    cpes: [['busybox', 'busybox']],
  },
  {
    name: 'openssl',
    file: /^(openssl|libcrypto[-.\d]*\.(so|dll|dylib).*|libssl[-.\d]*\.(so|dll|dylib).*)$/,
    signatures: [
      {
        anchor: 'OpenSSL ',
        pattern:
          /^OpenSSL (?<version>\d+\.\d+\.\d+[a-z]{0,2}(?:-(?:alpha|beta|pre)\d+)?)(?:-fips)? {1,2}\d{1,2} [A-Z][a-z]{2} \d{4}/,
      },
    ],
    cpes: [['openssl', 'openssl']],
  },
  {
    name: 'nginx',
    file: /^(nginx|openresty)(-debug)?$/,
    signatures: [
      { anchor: 'nginx version: ', pattern: after('^nginx version: (?:nginx|openresty)/') },
      { anchor: 'Server: nginx/', pattern: after('^Server: nginx/') },
    ],
    cpes: [
      ['f5', 'nginx'],
      ['nginx', 'nginx'],
    ],
  },
  {
    name: 'redis',
    file: /^redis-(server|check-rdb|check-aof|sentinel)$/,
    signatures: [
      ...['c11-builtin', 'atomic-builtin', 'sync-builtin'].map((atomics) => ({
        anchor: `\0${atomics}\0`,
        before: 16,
        pattern: /\0(?<version>\d+\.\d+\.\d+)\0[a-z0-9]+-builtin\0/,
      })),
      // Version, build host and build time run together; the time is in nanoseconds.
      { anchor: 'payload %5', pattern: /(?<version>\d+\.\d+\.\d+?)(?:[a-z0-9]+-)?\d{19}\0/ },
      { anchor: 'buildkitsandbox-', before: 16, pattern: /(?<version>\d+\.\d+\.\d+)buildkitsandbox-\d/ },
    ],
    cpes: [
      ['redis', 'redis'],
      ['redislabs', 'redis'],
    ],
  },
  {
    name: 'postgresql',
    file: /^postgres$/,
    signatures: [
      {
        anchor: 'PostgreSQL ',
        pattern: /^PostgreSQL (?<version>\d+(?:\.\d+)+|\d+(?:beta|rc)\d+) ?(?:\([^)]{1,80}\) )?on /,
      },
    ],
    cpes: [['postgresql', 'postgresql']],
  },
  {
    name: 'haproxy',
    file: /^haproxy$/,
    signatures: [
      { anchor: '\0 version ', pattern: after('^\\0 version ') },
      { anchor: ', released ', before: 80, pattern: /version (?<version>\d+\.\d+(?:\.\d+|-dev\d+)?)/ },
      { anchor: 'HA-Proxy version ', pattern: after('^HA-Proxy version ') },
    ],
    cpes: [['haproxy', 'haproxy']],
  },
  {
    name: 'httpd',
    file: /^(httpd|apache2)$/,
    signatures: [{ anchor: 'Apache/', pattern: /^Apache\/(?<version>\d+\.\d+\.\d+)/ }],
    cpes: [['apache', 'http_server']],
  },
  {
    name: 'memcached',
    file: /^memcached$/,
    signatures: [{ anchor: 'memcached ', pattern: after('^memcached ') }],
    cpes: [['memcached', 'memcached']],
  },
  {
    name: 'php',
    file: /^(php(-cli|-cgi)?[\d.]*|php-fpm[\d.]*|libphp[\d.]*\.so)$/,
    signatures: [
      {
        anchor: 'X-Powered-By: PHP/',
        pattern: /^X-Powered-By: PHP\/(?<version>\d+\.\d+\.\d+(?:(?:alpha|beta|RC)\d+)?)/,
      },
    ],
    cpes: [['php', 'php']],
  },
  {
    name: 'ruby',
    file: /^(ruby[\d.]*|libruby[-.\d]*\.so[\d.]*)$/,
    signatures: [
      { anchor: 'ruby ', pattern: /^ruby (?<version>\d+\.\d+\.\d+(?:(?:preview|rc)\d+|p\d+)?) \(\d{4}-\d\d-\d\d/ },
    ],
    cpes: [['ruby-lang', 'ruby']],
  },
  {
    name: 'perl',
    file: /^(perl[\d.]*|libperl\.so[\d.]*)$/,
    signatures: [
      { anchor: '\0v5.', pattern: /^\0v(?<version>5\.\d+\.\d+)\0/ },
      { anchor: '/perl5/5.', pattern: /^\/perl5\/(?<version>5\.\d+\.\d+)/ },
      { anchor: '/perl/5.', pattern: /^\/perl\/(?<version>5\.\d+\.\d+)/ },
    ],
    cpes: [['perl', 'perl']],
  },
  {
    name: 'bash',
    file: /^(bash|rbash|sh)$/,
    signatures: [{ anchor: '@(#)Bash version ', pattern: /^@\(#\)Bash version (?<version>\d+\.\d+\.\d+)\(/ }],
    cpes: [['gnu', 'bash']],
  },
  {
    name: 'curl',
    file: /^(curl|libcurl(-gnutls)?\.so[\d.]*)$/,
    signatures: [{ anchor: 'curl/', pattern: /^curl\/(?<version>\d+\.\d+\.\d+)/ }],
    cpes: [['haxx', 'curl']],
  },
  {
    name: 'mariadb',
    file: /^(mariadbd?|mysqld?)$/,
    signatures: [{ anchor: '-MariaDB', before: 16, pattern: /(?<version>\d+\.\d+\.\d+)-MariaDB/ }],
    cpes: [['mariadb', 'mariadb']],
  },
  {
    name: 'mysql',
    file: /^mysqld?$/,
    signatures: [{ anchor: '/mysql-', pattern: /^\/mysql-(?<version>\d+\.\d+\.\d+)/ }],
    cpes: [
      ['oracle', 'mysql'],
      ['oracle', 'mysql_server'],
    ],
  },
  {
    name: 'lighttpd',
    file: /^lighttpd$/,
    signatures: [{ anchor: 'lighttpd/', pattern: after('^lighttpd/') }],
    cpes: [['lighttpd', 'lighttpd']],
  },
  {
    name: 'proftpd',
    file: /^proftpd$/,
    signatures: [
      {
        anchor: 'ProFTPD Version ',
        pattern: after('^ProFTPD Version ', String.raw`(?<version>\d+\.\d+\.\d+(?:[a-z]|rc\d+)?)`),
      },
    ],
    cpes: [['proftpd', 'proftpd']],
  },
  {
    name: 'varnish',
    file: /^varnishd$/,
    signatures: [{ anchor: 'varnish-', pattern: /^varnish-(?<version>\d+\.\d+\.\d+) revision/ }],
    cpes: [
      ['varnish-software', 'varnish_cache'],
      ['varnish_cache_project', 'varnish_cache'],
    ],
  },
  {
    name: 'unbound',
    file: /^unbound$/,
    signatures: [{ anchor: 'unbound ', pattern: /^unbound (?<version>\d+\.\d+\.\d+)\0?/ }],
    cpes: [['nlnetlabs', 'unbound']],
  },
  {
    name: 'valkey',
    file: /^valkey-(server|check-rdb|check-aof|sentinel)$/,
    signatures: [
      ...['c11-builtin', 'atomic-builtin', 'sync-builtin'].map((atomics) => ({
        anchor: `\0${atomics}\0`,
        before: 48,
        pattern: /\0(?<version>[89]\.\d+\.\d+)\0/,
      })),
      { anchor: 'buildkitsandbox-', before: 16, pattern: /(?<version>\d+\.\d+\.\d+)buildkitsandbox-\d/ },
    ],
    cpes: [
      ['lfprojects', 'valkey'],
      ['linuxfoundation', 'valkey'],
      ['valkey-io', 'valkey'],
    ],
  },
  {
    name: 'bun',
    file: /^bun$/,
    signatures: [
      { anchor: 'Bun v', pattern: /^Bun v(?<version>\d+\.\d+\.\d+)/ },
      { anchor: 'Bun/', pattern: /^Bun\/(?<version>\d+\.\d+\.\d+)/ },
    ],
    cpes: [
      ['oven', 'bun'],
      ['oven-sh', 'bun'],
    ],
  },
  {
    name: 'deno',
    file: /^deno$/,
    signatures: [{ anchor: 'Deno/', pattern: /^Deno\/(?<version>\d+\.\d+\.\d+)/ }],
    cpes: [['deno', 'deno']],
  },
  {
    name: 'envoy',
    file: /^envoy(-static)?$/,
    signatures: [
      { anchor: '/Clean/RELEASE/BoringSSL', before: 80, pattern: /(?<version>\d+\.\d+\.\d+)\/Clean\/RELEASE/ },
    ],
    cpes: [['envoyproxy', 'envoy']],
  },
  {
    name: 'gzip',
    file: /^gzip$/,
    signatures: [{ anchor: 'gzip', before: 64, pattern: /\0(?<version>1\.\d{1,2})\0/ }],
    cpes: [['gnu', 'gzip']],
  },
  {
    name: 'xz',
    file: /^(xz|liblzma\.so\.[\d.]+)$/,
    signatures: [{ anchor: '(XZ Utils) ', pattern: after('^\\(XZ Utils\\) ') }],
    cpes: [['tukaani', 'xz']],
  },
  {
    name: 'zstd',
    file: /^zstd$/,
    signatures: [{ anchor: '\0v1.', pattern: /^\0v(?<version>1\.\d+\.\d+)\0/ }],
    cpes: [['facebook', 'zstandard']],
  },
];

/** Products that keep their version in a text file beside their programs. */
export const TEXT_PRODUCTS: readonly TextProduct[] = [
  {
    name: 'go',
    path: /\/go[^/]*\/VERSION$/,
    pattern: /^go(?<version>\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?)/,
    cpes: [['golang', 'go']],
  },
  {
    name: 'erlang',
    path: /\/releases\/\d+\/OTP_VERSION$/,
    pattern: /^(?<version>\d+(?:\.\d+)+)\s*$/,
    cpes: [['erlang', 'erlang/otp']],
  },
  {
    name: 'elixir',
    path: /\/elixir\/VERSION$/,
    pattern: /^(?<version>\d+\.\d+\.\d+(?:-rc\.\d+)?)/,
    cpes: [['elixir-lang', 'elixir']],
  },
  {
    name: 'wordpress',
    path: /\/wp-includes\/version\.php$/,
    pattern: /\$wp_version\s*=\s*['"](?<version>\d+(?:\.\d+)+(?:-(?:alpha|beta|RC)\d*)?)['"]/,
    cpes: [['wordpress', 'wordpress']],
  },
];
