import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { nuget } from './index.ts';

describe('nuget order', () => {
  checkOrder(
    nuget,
    `
    1.0 = 1.0.0.0
    1.0.0.1 > 1.0.0
    1.0.0-ALPHA = 1.0.0-alpha
    1.0.0-alpha.9 < 1.0.0-alpha.10
    1.0.0-rc < 1.0.0
    1.0.0+a = 1.0.0
  `,
  );
});

describe('nuget grammar', () => {
  checkValid(nuget, ['1.0.0.1', '1.0-rc.1'], ['', '1.2.3.4.5', 'x']);
});
