import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { composer } from './index.ts';

describe('composer order', () => {
  checkOrder(
    composer,
    `
    dev-master < 0.1
    1.0 = 1.0.0.0
    v1.0 = 1.0
    1.0-RC1 < 1.0
    1.0-alpha2 < 1.0-alpha10
    1.0-beta2 > 1.0-alpha9
    1.0-beta < 1.0-beta0
    1.0-beta-dev < 1.0-beta
    1.0-beta1-dev < 1.0-beta1
    1.0-beta.2.0 > 1.0-beta.2
    1.0p < 1.0pl0
    1.0-stable3 = 1.0
    1.0-dev < 1.0-alpha-dev
    1.0-dev < 1.0-alpha
    1.0-p1 > 1.0
    1.0.1 > 1.0-patch1
    1.x-dev > 1.9999
    1.0-beta.2 = 1.0b2
    2.0.0-stable = 2.0.0
  `,
  );
});

describe('composer grammar', () => {
  checkValid(composer, ['1.0', 'v1.2.3-beta2', 'dev-main', '1.x-dev'], ['', 'foo']);
});
