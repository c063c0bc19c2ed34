import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { bitnami } from './index.ts';

describe('bitnami order', () => {
  checkOrder(
    bitnami,
    `
    1.2.3-4 = 1.2.3
    1.2.3-4 = 1.2.3-10
    1.2.3 < 1.2.4-0
    1.2.3-rc1 < 1.2.3
    2.4.9 < 2.4.44
  `,
  );
});

describe('bitnami grammar', () => {
  checkValid(bitnami, ['1.2.3-4', '1.2.3'], ['', 'x']);
});
