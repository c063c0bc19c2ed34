import { defineScheme } from '../scheme.ts';
import { isDigits, numberKey, textKey } from '../sort-key.ts';

/**
 * Microsoft Knowledge Base numbers, `KB5001234` or `5001234`. The order is numeric so that lists sort, but says
 * nothing about which update holds which: constraints compare them for equality alone.
 */
export const kb = defineScheme(
  'kb',
  (text) => {
    const bare = text.toLowerCase().replace(/^kb/, '');
    return isDigits(bare) ? `\u0002${numberKey(bare)}` : `\u0001${textKey(bare)}`;
  },
  (text) => /^(?:kb)?[0-9]+$/i.test(text),
);
