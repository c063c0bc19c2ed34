import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { maven } from './index.ts';

describe('maven order', () => {
  checkOrder(
    maven,
    `
    1 = 1.0
    1 = 1.ga
    1 = 1-final
    1.0 = 1-0
    1-alpha < 1-beta
    1-beta < 1-milestone
    1-milestone < 1-rc
    1-rc = 1-cr
    1-rc < 1-SNAPSHOT
    1-SNAPSHOT < 1
    1 < 1-sp
    1-sp < 1-foo
    1-foo < 1-1
    1-1 < 1.1
    1-a1 = 1-alpha-1
    1-b2 = 1-beta-2
    1-m3 = 1-milestone-3
    1a1 = 1-alpha-1
    1.0.0.RC1 = 1-rc-1
    1-rc < 1-rc1
    1-rc9 < 1-rc10
    1.0-20 > 1.0
    5.3.43 < 5.3.44
    9.4.0.jre8 < 9.4.0.jre11
    2.0.0.Final = 2.0.0
    2.13.4.2 > 2.13.4.1
    1-foo2 < 1-foo10
    1x > 1
    1.0.1 > 1-1
    31.1-jre > 31.0-jre
    1.2.3.RELEASE = 1.2.3
    10.1.0-M1 < 10.1.0
  `,
  );
});

describe('maven grammar', () => {
  checkValid(maven, ['1.0', '5.3.44.RELEASE'], ['', '!']);
});
