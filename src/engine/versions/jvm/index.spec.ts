import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { jvm } from './index.ts';

describe('jvm order', () => {
  checkOrder(
    jvm,
    `
    1.8.0_282 < 1.8.0_292
    1.8.0_282 < 11.0.2
    11.0.2+9 = 11.0.2
    8u282 = 1.8.0_282
    1.8.0_282-b08 = 8.0.282
    17-ea < 17
    1.8.0 < 1.8.0_1
    21.0.1 > 17.0.9
    1.7.0_80 < 1.8.0_5
  `,
  );
});

describe('jvm grammar', () => {
  checkValid(jvm, ['1.8.0_282', '11.0.2+9', '8u282'], ['', 'x']);
});
