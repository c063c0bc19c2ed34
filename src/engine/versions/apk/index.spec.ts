import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { apk } from './index.ts';

describe('apk order', () => {
  checkOrder(
    apk,
    `
    1.0 < 1.0.1
    1.0_rc1 < 1.0
    1.0_alpha < 1.0_beta
    1.0_beta < 1.0_pre
    1.0_pre < 1.0_rc
    1.0_p1 > 1.0
    1.0_git20200101 > 1.0
    1.0_cvs < 1.0_svn
    1.0_hg < 1.0_p
    1.01 < 1.1
    1.1 < 1.10
    1.2 < 1.10
    1.0a > 1.0
    1.0a < 1.0b
    1.0a < 1.0.1
    1.0-r1 > 1.0
    1.0-r2 < 1.0-r10
    1.0_alpha < 1.0_alpha1
    1.0_alpha2 < 1.0_alpha10
    1.0-r0 < 1.0_p1
    1.0_p1-r0 < 1.0_p1-r1
    1.36.1-r29 > 1.36.1-r5
    3.0.12-r4 < 3.1.0-r0
    0.8.21.r2 > 0.8.21-r1
    5.4.2-r1 > 5.4.2-r0
    2.0.0_rc4-r0 < 2.0.0-r0
  `,
  );
});

describe('apk grammar', () => {
  checkValid(apk, ['1.0', '1.36.1-r29', '1.0_rc1-r0', '1.0a_p1'], ['', 'a', '1.0-1', '1.0_foo']);
});
