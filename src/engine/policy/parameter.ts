import { type TranslatedRegex, translatePythonRegex } from '#shared/python-regex.ts';

/** Outcome of reading one parameter value. */
export type ParsedParameter<T> = { ok: true; value: T } | { ok: false; reason: string };

/** A parameter of a trigger. Wire values are always text. */
export interface Parameter<T> {
  description: string;
  example?: string;
  required: boolean;
  state: 'active' | 'deprecated' | 'eol';
  /** Wire text used when the parameter is absent; undefined = the condition is not applied. */
  default?: string;
  /** Former names. */
  aliases: readonly string[];
  /** Shape for editors, in the terms of JSON Schema. */
  validator: Record<string, unknown>;
  parse(text: string): ParsedParameter<T>;
}

/** Values of a parameter table; optional parameters without default may be undefined. */
export type ParameterValues<P> = { [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

interface Common {
  description: string;
  example?: string;
  aliases?: readonly string[];
}

/** A parameter that must be given. */
export type Required<T> = Parameter<T>;

interface Shape<T> {
  validator: Record<string, unknown>;
  parse(text: string): ParsedParameter<T>;
}

function build<T>(shape: Shape<T>, common: Common, rest: { required: boolean; default?: string }): Parameter<T> {
  return {
    description: common.description,
    ...(common.example === undefined ? {} : { example: common.example }),
    aliases: common.aliases ?? [],
    state: 'active',
    ...rest,
    ...shape,
  };
}

/** Declares a parameter that must be given. */
export function required<T>(shape: Shape<T>, common: Common): Parameter<T> {
  return build(shape, common, { required: true });
}

/** Declares a parameter that may be left out. */
export function optional<T>(shape: Shape<T>, common: Common): Parameter<T | undefined> {
  return build<T | undefined>(shape, common, { required: false });
}

/** Declares a parameter with a default, given as wire text. */
export function defaulted<T>(shape: Shape<T>, text: string, common: Common): Parameter<T> {
  return build(shape, common, { required: false, default: text });
}

/** Any text, empty included. */
export const text: Shape<string> = {
  validator: { type: 'string' },
  parse: (value) => ({ ok: true, value }),
};

/** Comma-separated list; items are trimmed and may not be empty. */
export const list: Shape<string[]> = {
  validator: { type: 'string', format: 'comma-separated' },
  parse(value) {
    const items = value.split(',').map((item) => item.trim());
    return items.some((item) => item === '')
      ? { ok: false, reason: 'must be a comma-separated list without empty items' }
      : { ok: true, value: items };
  },
};

/** Comma-separated list of whole numbers. */
export const integerList: Shape<number[]> = {
  validator: { type: 'string', format: 'comma-separated integers' },
  parse(value) {
    const items = value.split(',').map((item) => item.trim());
    return items.every((item) => /^\d{1,15}$/.test(item))
      ? { ok: true, value: items.map(Number) }
      : { ok: false, reason: 'must be a comma-separated list of whole numbers' };
  },
};

/** `true` or `false`, in any case. */
export const flag: Shape<boolean> = {
  validator: { type: 'string', enum: ['true', 'false'] },
  parse(value) {
    const lower = value.trim().toLowerCase();
    if (lower === 'true' || lower === 'false') return { ok: true, value: lower === 'true' };
    return { ok: false, reason: 'must be "true" or "false"' };
  },
};

/** A whole number, not negative. */
export const integer: Shape<number> = {
  validator: { type: 'string', pattern: '^\\s*\\d+\\s*$' },
  parse: (value) =>
    /^\d{1,9}$/.test(value.trim())
      ? { ok: true, value: Number(value) }
      : { ok: false, reason: 'must be a whole number, zero or more' },
};

/** A decimal number. */
export const decimal: Shape<number> = {
  validator: { type: 'string', pattern: '^\\s*-?(\\d+\\.?\\d*|\\.\\d+)\\s*$' },
  parse: (value) =>
    /^-?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9})$/.test(value.trim())
      ? { ok: true, value: Number(value) }
      : { ok: false, reason: 'must be a decimal number' },
};

/** A regular expression in the dialect of `translatePythonRegex`. */
export const regularExpression: Shape<{ text: string; regex: TranslatedRegex }> = {
  validator: { type: 'string', format: 'regex' },
  parse(value) {
    try {
      return { ok: true, value: { text: value, regex: translatePythonRegex(value) } };
    } catch (error) {
      return { ok: false, reason: `is not a regular expression: ${(error as Error).message}` };
    }
  },
};

/** One of the listed words; case counts. `former` maps words of older documents to today's. */
export function oneOf<const T extends string>(words: readonly T[], former: Readonly<Record<string, T>> = {}): Shape<T> {
  return {
    validator: { type: 'string', enum: words },
    parse(value) {
      const word = value.trim();
      const known = words.find((item) => item === word) ?? (Object.hasOwn(former, word) ? former[word] : undefined);
      return known === undefined
        ? { ok: false, reason: `must be one of ${words.map((item) => `"${item}"`).join(', ')} (case counts)` }
        : { ok: true, value: known };
    },
  };
}

/** Comparison operators over ordered values. */
export const COMPARISONS = ['=', '!=', '<', '>', '<=', '>='] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A comparison operator. */
export const comparison: Shape<Comparison> = oneOf(COMPARISONS);

/** Does `left operator right` hold, given their order (negative, zero, positive)? */
export function holds(order: number, operator: Comparison): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
  }
}
