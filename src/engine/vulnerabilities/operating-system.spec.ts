import { describe, expect, it } from 'vitest';
import type { Distro } from '../model/distro.ts';
import type { IndexMeta, OperatingSystemOverride, OperatingSystemRow } from './index/format.ts';
import { systemResolver } from './operating-system.ts';
import { distro } from './sample-index.ts';

const row = (name: string, major: string, minor = '', more: Partial<OperatingSystemRow> = {}): OperatingSystemRow => ({
  name,
  releaseId: '',
  major,
  minor,
  label: '',
  codename: '',
  channel: '',
  records: 1,
  ...more,
});
const override = (alias: string, more: Partial<OperatingSystemOverride>): OperatingSystemOverride => ({
  alias,
  version: '',
  versionPattern: '',
  codename: '',
  channel: '',
  replacement: null,
  replacementMajor: null,
  replacementMinor: null,
  replacementLabel: null,
  replacementChannel: null,
  rolling: false,
  applicableClientSchemas: '',
  ...more,
});

const meta = {
  operatingSystems: [
    row('debian', '12', '', { codename: 'bookworm' }),
    row('debian', '13', '', { codename: 'trixie' }),
    row('debian', '', '', { label: 'unstable', codename: 'sid' }),
    row('ubuntu', '22', '4', { codename: 'jammy' }),
    row('ubuntu', '22', '4', { codename: 'jammy', channel: 'esm' }),
    row('redhat', '9', '', { releaseId: 'rhel' }),
    row('redhat', '9', '4', { releaseId: 'rhel' }),
    row('redhat', '9', '4', { releaseId: 'rhel', channel: 'eus' }),
    row('alpine', '3', '19'),
    row('alpine', '3', '20'),
    row('alpine', '', '', { label: 'edge' }),
    row('wolfi', '', ''),
    row('archlinux', '', ''),
    row('almalinux', '9'),
    row('sles', '15', '5'),
  ],
  overrides: [
    override('rocky', { replacement: 'rhel' }),
    override('almalinux', { replacement: 'rhel' }),
    override('wolfi', { rolling: true }),
    override('arch', { replacement: 'archlinux', rolling: true }),
    override('rhel', { versionPattern: '^\\d+\\.\\d+', replacementMajor: '99', applicableClientSchemas: '< 6.0.3' }),
    override('alpine', { versionPattern: '.*_alpha.*', replacementLabel: 'edge', rolling: true }),
    override('debian', { codename: 'forky', replacementLabel: 'unstable', rolling: true }),
    override('postmarketos', {
      version: '24.06',
      replacement: 'alpine',
      replacementMajor: '3',
      replacementMinor: '20',
    }),
    override('postmarketos', { version: 'edge', replacement: 'alpine', replacementLabel: 'edge', rolling: true }),
    override('broken', { versionPattern: '(', replacement: 'debian' }),
  ],
} as unknown as IndexMeta;
const keys = (found: Distro, options = {}): string[] =>
  systemResolver(meta)
    .resolve(found, options)
    .map((system) => system.key);

describe('systemResolver', () => {
  it.each<[Distro, string[]]>([
    [distro('debian', '12'), ['debian@12']],
    [distro('debian', '12.7'), ['debian@12']],
    [distro('debian', '99'), []],
    [distro('debian', undefined, { codename: 'bookworm' }), ['debian@12']],
    [distro('debian', undefined, { codename: 'forky' }), ['debian@~unstable']],
    [
      distro('debian', undefined, { prettyName: 'Debian GNU/Linux trixie/sid', codename: 'trixie' }),
      ['debian@~unstable'],
    ],
    [distro('debian', 'sid'), ['debian@~unstable']],
    [distro('debian'), []],
    [distro('ubuntu', '22.04'), ['ubuntu@22.4']],
    [distro('ubuntu', '22.04', { channel: 'esm' }), ['ubuntu@22.4+esm']],
    [distro('rhel', '9'), ['redhat@9']],
    [distro('rhel', '9.4'), ['redhat@9.4']],
    [distro('rhel', '9.7'), ['redhat@9']],
    [distro('rhel', '9.4', { channel: 'eus' }), ['redhat@9.4+eus']],
    [distro('rocky', '9.4'), ['redhat@9.4']],
    [distro('almalinux', '9.7'), ['redhat@9']],
    [distro('alpine', '3.20.3'), ['alpine@3.20']],
    [distro('alpine', '3.21_alpha20240807'), ['alpine@~edge']],
    [distro('wolfi', '20230201'), ['wolfi@']],
    [distro('arch'), ['archlinux@']],
    [distro('postmarketos', '24.06'), ['alpine@3.20']],
    [distro('postmarketos', 'edge'), ['alpine@~edge']],
    [distro('sles', '15.7'), ['sles@15.5']],
    [distro('eurolinux', '9.4', { idLike: ['rhel', 'fedora'] }), ['redhat@9.4']],
    [distro('mint', '21', { idLike: ['ubuntu', 'debian'], codename: 'vera' }), []],
    [distro('neon', '22.04', { idLike: ['ubuntu', 'debian'], codename: 'jammy' }), ['ubuntu@22.4']],
    [distro('broken', '1'), []],
    [distro('void'), []],
  ])('%o', (found, expected) => expect(keys(found)).toEqual(expected));

  it('can leave aliases, channels and fallbacks out', () => {
    expect(keys(distro('almalinux', '9'), { exact: true })).toEqual(['almalinux@9']);
    expect(keys(distro('rhel', '9.4', { channel: 'eus' }), { channel: '' })).toEqual(['redhat@9.4']);
    expect(keys(distro('rhel', '9.7'), { exact: true, noFallback: true })).toEqual([]);
    expect(keys(distro('debian', '12.7'), { exact: true, noFallback: true })).toEqual(['debian@12']);
  });
});
