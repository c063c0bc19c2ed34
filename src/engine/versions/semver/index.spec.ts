import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { semver } from './index.ts';

describe('semver order', () => {
  checkOrder(
    semver,
    `
    1.0.0 < 2.0.0
    1.0.0-alpha < 1.0.0
    1.0.0-alpha < 1.0.0-alpha.1
    1.0.0-alpha.1 < 1.0.0-alpha.beta
    1.0.0-alpha.beta < 1.0.0-beta
    1.0.0-beta < 1.0.0-beta.2
    1.0.0-beta.2 < 1.0.0-beta.11
    1.0.0-beta.11 < 1.0.0-rc.1
    1.0.0-rc.1 < 1.0.0
    1.0.0+a = 1.0.0+b
    v1.2.3 = 1.2.3
    1 = 1.0.0
    1.2 < 1.2.0.1
    1.0rc1 < 1.0
    latest < 0.0.0-0
    1.0.99999999999999999999 < 1.0.100000000000000000000
  `,
  );
});

describe('semver grammar', () => {
  checkValid(semver, ['1.0.0', '1.0.0-rc.1+b.5'], ['1.0', 'v1.0.0', '1.0.0-01', 'latest']);
});
