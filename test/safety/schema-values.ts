import fc from 'fast-check';
import type { Schema } from './document.ts';

const DEEPEST = 6;

/** Values that fit a schema of the document. `words` supplies texts that mean something, by the name of the field. */
export function valuesOf(
  schema: Schema,
  schemas: Readonly<Record<string, Schema>>,
  words: (name: string) => readonly string[],
): fc.Arbitrary<unknown> {
  return make(schema, '', 0);

  function word(name: string): fc.Arbitrary<string> {
    const known = words(name);
    return known.length
      ? fc.constantFrom(...known)
      : fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 });
  }

  function make(given: Schema, name: string, depth: number): fc.Arbitrary<unknown> {
    const target = given.$ref ? schemas[given.$ref.split('/').at(-1)!] : given;
    if (!target) throw new Error(`the document lacks ${given.$ref}`);
    const made = plain(target, name, depth);
    return target.nullable
      ? fc.oneof({ weight: 6, arbitrary: made }, { weight: 1, arbitrary: fc.constant(null) })
      : made;
  }

  function plain(target: Schema, name: string, depth: number): fc.Arbitrary<unknown> {
    if (target.enum?.length) return fc.constantFrom(...target.enum);
    const choices = target.anyOf ?? target.oneOf;
    if (choices) {
      // beyond the depth limit the first choice that ends
      const chosen = depth < DEEPEST ? choices : choices.slice(0, 1);
      return fc.oneof(...chosen.map((choice) => make(choice, name, depth + 1)));
    }
    if (target.allOf) {
      return fc
        .tuple(...target.allOf.map((part) => make(part, name, depth + 1)))
        .map((parts) =>
          parts.every((part) => part !== null && typeof part === 'object') ? Object.assign({}, ...parts) : parts[0],
        );
    }
    switch (target.type) {
      case 'object':
        return objects(target, depth);
      case 'array': {
        const least = target.minItems ?? 0;
        const most = Math.min(target.maxItems ?? 3, Math.max(least, 3));
        if (depth >= DEEPEST && least === 0) return fc.constant([]);
        return fc.array(make(target.items ?? {}, name, depth + 1), { minLength: least, maxLength: most });
      }
      case 'integer':
      case 'number':
        return numbers(target);
      case 'boolean':
        return fc.boolean();
      case 'string':
        return texts(target, name);
      default:
        return fc.oneof(word(name), fc.integer(), fc.jsonValue({ maxDepth: 2 }));
    }
  }

  function objects(target: Schema, depth: number): fc.Arbitrary<unknown> {
    const { properties = {}, required = [], additionalProperties } = target;
    const names = Object.keys(properties).filter((name) => depth < DEEPEST || required.includes(name));
    const fields = Object.fromEntries(names.map((name) => [name, make(properties[name]!, name, depth + 1)]));
    const known = fc.record(fields, { requiredKeys: required.filter((name) => name in fields) as never[] });
    if (names.length > 0 || additionalProperties === false) return known;
    const value = typeof additionalProperties === 'object' ? additionalProperties : {};
    return fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), make(value, '', depth + 1), { maxKeys: 3 });
  }

  function texts(target: Schema, name: string): fc.Arbitrary<unknown> {
    const { minLength = 0, maxLength = 2_000 } = target;
    if (target.format === 'date-time')
      return fc
        .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString());
    if (target.format === 'uuid') return fc.uuid();
    if (target.pattern) {
      const pattern = new RegExp(target.pattern);
      const known = words(name).filter((one) => pattern.test(one));
      // a look-ahead has no generator
      if (target.pattern.includes('(?!') || target.pattern.includes('(?='))
        return fc.constantFrom(...known, 'a-name', 'b1');
      const made = fc.stringMatching(pattern);
      return known.length ? fc.oneof(made, fc.constantFrom(...known)) : made;
    }
    return fc
      .oneof(
        { weight: 6, arbitrary: word(name) },
        {
          weight: 1,
          arbitrary: fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 20) }),
        },
      )
      .map((text) => text.slice(0, maxLength).padEnd(minLength, 'x'));
  }
}

function numbers({ type, minimum, maximum }: Schema): fc.Arbitrary<unknown> {
  const min = Math.max(minimum ?? -1000, Number.MIN_SAFE_INTEGER);
  const max = Math.min(maximum ?? Math.max(min + 1, 100_000), Number.MAX_SAFE_INTEGER);
  const whole = fc.integer({ min: Math.ceil(min), max: Math.floor(max) });
  const edges = fc.constantFrom(Math.ceil(min), Math.floor(max));
  return type === 'integer' ? fc.oneof(whole, edges) : fc.oneof(whole, fc.double({ min, max, noNaN: true }));
}
