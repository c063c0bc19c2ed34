import { expect, it } from 'vitest';
import { toSpdxExpression } from './licenses-spdx.ts';
import { formatPurl, type PurlParts } from './purl.ts';

it.each([
  [
    {
      type: 'deb',
      namespace: 'debian',
      name: 'libstdc++6',
      version: '1:2.0+b1~x',
      qualifiers: { distro: 'debian-12', arch: 'amd64', none: '' },
    },
    'pkg:deb/debian/libstdc%2B%2B6@1:2.0%2Bb1~x?arch=amd64&distro=debian-12',
  ],
  [{ type: 'npm', namespace: '@scope', name: 'a' }, 'pkg:npm/%40scope/a'],
  [
    { type: 'golang', namespace: 'github.com/owner', name: 'repo', version: 'v1.0.0', subpath: '/x/../y/' },
    'pkg:golang/github.com/owner/repo@v1.0.0#x/y',
  ],
  [
    { type: 'generic', name: 'a b', qualifiers: { vcs_url: 'git+https://x/y@1' } },
    'pkg:generic/a%20b?vcs_url=git%2Bhttps://x/y%401',
  ],
] as [PurlParts, string][])('purl %#', (parts, expected) => expect(formatPurl(parts)).toBe(expected));

it.each([
  ['MIT', 'MIT'],
  ['apache-2.0', 'Apache-2.0'],
  ['Apache License, Version 2.0', 'Apache-2.0'],
  ['GPLv2+ and MIT', 'GPL-2.0-or-later AND MIT'],
  ['GPL-2+', 'GPL-2.0-or-later'],
  ['GPL-3.0', 'GPL-3.0-only'],
  ['LGPL-2.1', 'LGPL-2.1-only'],
  ['(MIT OR Apache-2.0) AND BSD-3-Clause', '(MIT OR Apache-2.0) AND BSD-3-Clause'],
  ['GPL-2.0-or-later WITH Classpath-exception-2.0', 'GPL-2.0-or-later WITH Classpath-exception-2.0'],
  ['LicenseRef-Fedora-Public-Domain', 'LicenseRef-Fedora-Public-Domain'],
  ['BSD', undefined],
  ['MIT and', undefined],
  ['(MIT', undefined],
  ['MIT AND nonsense', undefined],
  ['', undefined],
])('licence %j', (text, expected) => expect(toSpdxExpression(text)).toBe(expected));
