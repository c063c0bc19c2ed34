import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { kb } from './index.ts';

describe('kb order', () => {
  checkOrder(
    kb,
    `
    KB5001234 = 5001234
    KB999 < KB1000
    foo < KB1
  `,
  );
});

describe('kb grammar', () => {
  checkValid(kb, ['KB5001234', '5001234'], ['', 'KB']);
});
