import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { gem } from './index.ts';

describe('gem order', () => {
  checkOrder(
    gem,
    `
    1.0 = 1
    1.0 = 1.0.0
    1.a < 1
    1.0.a < 1.0.1
    1.0.0.rc1 < 1.0.0
    1.0.0-rc1 < 1.0.0
    1.a.0.b < 1.a
    1.a.0.b > 1.a.b
    1.0.0.1 < 1.0.1
    2.0.0.pre1 < 2.0.0.pre2
    2.0.0.pre10 > 2.0.0.pre9
    3.1.4-java = 3.1.4
    1.15.4-x86_64-linux = 1.15.4
    1.8.2.b < 1.8.2
    99999999999999999999.0 < 100000000000000000000
  `,
  );
});

describe('gem grammar', () => {
  checkValid(gem, ['1.0', '1.0.0.rc1', '2'], ['', 'x', '1..2']);
});
