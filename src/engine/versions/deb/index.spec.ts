import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { deb } from './index.ts';

describe('deb order', () => {
  checkOrder(
    deb,
    `
    1.0 = 1.0-0
    1.0 = 0:1.0
    1.0 < 1.0-1
    1.0~rc1 < 1.0
    1.0~~ < 1.0~
    1.0~~ < 1.0~~a
    1:0 > 9
    10:1 > 9:1
    1.0a > 1.0
    1.0+b > 1.0a
    1.0.1 > 1.0+b1
    0~1 < 0
    1.0-1 < 1.0-1.1
    1.0-1~bpo12+1 < 1.0-1
    1.0-1 < 1.0-1+deb12u1
    1.0-1+deb12u1 < 1.0-1+deb12u10
    007 = 7
    2.36-9+deb12u4 < 2.36-9+deb12u10
    1.0-1-2 > 1.0-1-1
    1.2.3 < 1.2.3a
    9999999999999999999999 < 10000000000000000000000
    a < b
    7.6p2-4 > 7.6-0
    1:1.2.13.dfsg-1 > 1.3
  `,
  );
});

describe('deb grammar', () => {
  checkValid(deb, ['1.0', '1:1.0-1', '2.36-9+deb12u4', '1.0~rc1-1'], ['', 'abc', '1.0-', '1.0_2']);
});
