import type { Advisory, DatabaseSource } from '../builders/vulnerability-database.ts';

/** Vulnerable below 1.1.1n-0+deb12u1 from the first day on. */
export const OPENSSL: Advisory = {
  id: 'CVE-2026-0001',
  provider: 'debian',
  distro: { name: 'debian', major: '12' },
  ecosystem: 'deb',
  package: 'openssl',
  constraint: '< 3.0.11-1~deb12u2',
  versions: 'dpkg',
  fix: '3.0.11-1~deb12u2',
  severity: 'high',
};

/** Known from the second day on only. */
export const ZLIB: Advisory = {
  ...OPENSSL,
  id: 'CVE-2026-0002',
  package: 'zlib',
  constraint: '< 1:1.3',
  fix: '1:1.3',
  severity: 'critical',
};

export const DAY_1: DatabaseSource = { built: '2026-03-01T01:30:00Z', advisories: [OPENSSL] };
export const DAY_2: DatabaseSource = { built: '2026-03-02T01:30:00Z', advisories: [OPENSSL, ZLIB] };

/** Packages that both days speak of. */
export const PACKAGES = { openssl: '3.0.9-1', zlib: '1:1.2.13.dfsg-1', bash: '5.2.15-2+b2' };
