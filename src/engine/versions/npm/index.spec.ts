import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { npm } from './index.ts';

describe('npm order', () => {
  checkOrder(
    npm,
    `
    1.2.3 < 1.2.10
    =1.2.3 = v1.2.3
    1.2.3-beta.4 < 1.2.3
    4.17.20 < 4.17.21
    2.0.0-0 < 2.0.0
  `,
  );
});

describe('npm grammar', () => {
  checkValid(npm, ['1.2.3', 'v1.2.3', '= 1.2.3-beta'], ['1.2', 'x']);
});
