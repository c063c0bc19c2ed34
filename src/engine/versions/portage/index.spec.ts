import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { portage } from './index.ts';

describe('portage order', () => {
  checkOrder(
    portage,
    `
    1 < 1.0
    1.0 < 1.1
    1.1 > 1.01
    1.010 = 1.01
    1b > 1a
    1a > 1
    1.0_alpha < 1.0_beta
    1.0_rc1 < 1.0
    1.0_p1 > 1.0
    1.0_p = 1.0_p0
    1.0_rc1_p1 > 1.0_rc1
    1-r0 = 1
    1-r1 < 1-r2
    1.2.3-r10 > 1.2.3-r9
  `,
  );
});

describe('portage grammar', () => {
  checkValid(portage, ['1.0', '1.0b_rc1-r2'], ['', 'x', '1.0-1']);
});
