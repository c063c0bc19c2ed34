import { describe } from 'vitest';
import { checkOrder, checkValid } from '../order-vectors.ts';
import { pacman } from './index.ts';

describe('pacman order', () => {
  checkOrder(
    pacman,
    `
    1.0a < 1.0b
    1.0b < 1.0beta
    1.0beta < 1.0p
    1.0p < 1.0pre
    1.0pre < 1.0rc
    1.0rc < 1.0
    1.0 < 1.0.a
    1.0.a < 1.0.1
    1 < 1.0
    1.0 < 1.1
    1.1 < 1.1.1
    1.1.1 < 1.2
    1:1.0-1 > 2.0-1
    1.0-1 < 1.0-2
    1.0-1 < 1.0-1.1
    1.0. < 1.0..1
  `,
  );
});

describe('pacman grammar', () => {
  checkValid(pacman, ['1:1.0-1', '1.0rc1-2'], ['', '1 0']);
});
