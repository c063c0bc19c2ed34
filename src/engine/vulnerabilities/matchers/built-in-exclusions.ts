import type { PackageType } from '#engine/model/package.ts';
import type { MatchExclusion } from '../types.ts';

interface Rule {
  type: PackageType;
  packages: readonly string[];
  vulnerabilities: readonly string[];
  because: string;
}

const RULES: readonly Rule[] = [
  {
    type: 'java-archive',
    packages: [
      'log4j-api',
      'log4j-slf4j-impl',
      'log4j-to-slf4j',
      'log4j-1.2-api',
      'log4j-detector',
      'log4j-over-slf4j',
      'slf4j-log4j12',
    ],
    vulnerabilities: [
      'CVE-2021-44228',
      'CVE-2021-45046',
      'GHSA-jfh8-c2jp-5v3q',
      'GHSA-7rjr-3q55-vv33',
      'CVE-2020-9493',
      'CVE-2022-23307',
      'CVE-2023-26464',
    ],
    because: 'the flaw is in the core of Log4j; this artifact only carries its interface or a bridge to it',
  },
  {
    type: 'go-module',
    packages: ['google.golang.org/protobuf'],
    vulnerabilities: ['CVE-2015-5237', 'CVE-2021-22570'],
    because: 'the flaw is in the C++ implementation of Protocol Buffers, not in that of Go',
  },
  {
    type: 'gem',
    packages: ['matrix'],
    vulnerabilities: ['CVE-2017-14196', 'CVE-2017-14197', 'CVE-2017-14198', 'CVE-2019-19373', 'CVE-2019-19374'],
    because: 'the flaw is in Squiz Matrix, another product of the same name',
  },
  {
    type: 'gem',
    packages: ['delegate'],
    vulnerabilities: [
      'CVE-1999-1338',
      'CVE-2001-1202',
      'CVE-2002-1781',
      'CVE-2004-0789',
      'CVE-2004-2003',
      'CVE-2005-0036',
      'CVE-2005-0861',
      'CVE-2006-2072',
      'CVE-2015-7556',
    ],
    because: 'the flaw is in the DeleGate proxy, another product of the same name',
  },
  {
    type: 'gem',
    packages: ['observer'],
    vulnerabilities: ['CVE-2008-4318'],
    because: 'the flaw is in the network management system Observer, another product of the same name',
  },
  {
    type: 'gem',
    packages: ['logger'],
    vulnerabilities: ['CVE-2017-14727'],
    because: 'the flaw is in the logger of WeeChat, another product of the same name',
  },
  {
    type: 'deb',
    packages: ['zlib1g', 'zlib'],
    vulnerabilities: ['CVE-2023-45853'],
    because: 'the flaw is in MiniZip, which this package does not build',
  },
];

/** Matches that are known to be wrong in every installation: same names, other products. */
export const BUILT_IN_EXCLUSIONS: readonly MatchExclusion[] = RULES.flatMap((rule) =>
  rule.packages.flatMap((name) =>
    rule.vulnerabilities.map((vulnerability) => ({
      vulnerability,
      justification: rule.because,
      package: { name, type: rule.type },
    })),
  ),
);
