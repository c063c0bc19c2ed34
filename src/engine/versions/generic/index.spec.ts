import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { generic } from './index.ts';

describe('generic order', () => {
  checkOrder(
    generic,
    `
    1.0.2 < 1.0.2a
    1.0.2a < 1.0.2k
    1.0-rc1 < 1.0
    1.0rc1 < 1.0
    1.0-foo < 1.0
    1.0-1 < 1.0
    v1.2 = 1.2.0
    5.36.0 > 5.6
    3.1.2p20 > 3.1.2
    1.0.0-alpha < 1.0.0-beta
    1.0.0-beta < 1.0.0-rc
    2.0-final = 2.0
    1.0+build = 1.0
    a218cafe4d3be < 1.0
    openssl-1.0.2k > 1.0.2
  `,
  );
});

describe('generic grammar', () => {
  checkValid(generic, ['1.0', 'v2', 'release-1'], ['', 'foo']);
});
