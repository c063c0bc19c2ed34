import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { rpm } from './index.ts';

describe('rpm order', () => {
  checkOrder(
    rpm,
    `
    1.0 = 1.0
    1.0 < 2.0
    2.0.1 > 2.0
    2.0.1a > 2.0.1
    5.5p1 < 5.5p2
    5.5p10 > 5.5p1
    10xyz < 10.1xyz
    xyz10 < xyz10.1
    xyz.4 < xyz.4.1
    xyz.4 < 8
    xyz < 2
    5.5p2 < 5.6p1
    6.0.rc1 > 6.0
    10b2 > 10a1
    1.0aa > 1.0a
    10.0001 = 10.1
    10.0001 < 10.0039
    4.999.9 < 5.0
    20101121 < 20101122
    2_0 = 2.0
    2.0 = 2_0
    a+ = a_
    +a = _a
    1.0~rc1 < 1.0
    1.0~rc1 < 1.0~rc2
    1.0~rc1~git123 < 1.0~rc1
    1.0^ > 1.0
    1.0^git1 < 1.0^git2
    1.0^git1 < 1.01
    1.0^20160101 < 1.0.1
    1.0~rc1^git1 > 1.0~rc1
    1.0^git1~pre < 1.0^git1
    1.0 < 1.0-1
    1:1.0-1 > 2.0-1
    0:1.0-1 = 1.0-1
    FC5 < fc4
    1.0-3.el9_2 > 1.0-3.el9
    99999999999999999999 < 100000000000000000000
  `,
  );
});

describe('rpm grammar', () => {
  checkValid(rpm, ['1.0-1.el9', '1:1.0~rc1-1'], ['', '1.0 1', '1.0-1-1!']);
});
