import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { go } from './index.ts';

describe('go order', () => {
  checkOrder(
    go,
    `
    v1.0.0+incompatible = v1.0.0
    v0.0.0-20200101000000-aaaaaaaaaaaa < v0.0.0-20210101000000-000000000000
    v1.2.4-0.20210101000000-aaaaaaaaaaaa > v1.2.3
    v1.2.4-0.20210101000000-aaaaaaaaaaaa < v1.2.4
    go1.21rc1 < go1.21.0
    go1.21 = 1.21.0
    1.20.5 < 1.21
    \`go1.20.1 X:boringcrypto\` = 1.20.1
    v2.0.0-beta.1 < v2.0.0
  `,
  );
});

describe('go grammar', () => {
  checkValid(go, ['v1.2.3', 'go1.21rc2', 'v0.0.0-20200101000000-aaaaaaaaaaaa'], ['', '(devel)']);
});
