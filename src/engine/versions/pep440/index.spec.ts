import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { pep440 } from './index.ts';

describe('pep440 order', () => {
  checkOrder(
    pep440,
    `
    1.0 = 1.0.0
    1.0 = v1.0
    1.0.dev1 < 1.0a1
    1.0a1.dev1 < 1.0a1
    1.0a1 < 1.0b1
    1.0b1 < 1.0rc1
    1.0rc1 = 1.0c1
    1.0rc1 = 1.0-preview1
    1.0rc1 < 1.0
    1.0 < 1.0.post1
    1.0.post1.dev1 < 1.0.post1
    1.0-1 = 1.0.post1
    1.0.post1 < 1.1.dev1
    1!0.1 > 9.9
    1.0 < 1.0+local
    1.0+abc < 1.0+1
    1.0+1 < 1.0+1.1
    1.0+ubuntu-1 = 1.0+ubuntu.1
    1.0ALPHA1 = 1.0a1
    2011k < 0.dev0
    foo < 0
    1.0a = 1.0a0
    2024.10.1 > 2024.9.30
  `,
  );
});

describe('pep440 grammar', () => {
  checkValid(pep440, ['1.0', '1!2.0a1.post3.dev4+x.1', '1.0-1'], ['', 'foo', '1.0-foo', '2011k']);
});
