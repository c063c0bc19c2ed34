import { GraphQLError, type GraphQLScalarType, Kind } from 'graphql';

const FORM =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** ISO 8601 in, as UTC with microseconds: `2026-01-01T00:00:00.000000Z`. A text without a zone is UTC. */
export function readDateTime(value: unknown): string {
  const parts = typeof value === 'string' ? FORM.exec(value.trim()) : null;
  if (!parts) throw unreadable(value);
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = parts;
  const offset = zone.toUpperCase() === 'Z' ? 'Z' : zone.replace(/^(.\d{2}):?(\d{2})$/, '$1:$2');
  const whole = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  // Days that a month lacks would be taken as days of the next month.
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number.isNaN(whole.getTime()) || Number(day) > lastDay || Number(year) < 1) throw unreadable(value);
  return `${whole.toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}

function unreadable(value: unknown): GraphQLError {
  return new GraphQLError(
    `DateTime expects a time like 2026-01-31T12:00:00, in UTC or with a zone, not ${JSON.stringify(value)?.slice(0, 60)}`,
  );
}

/** How times are written: UTC without a zone, as clients of this API expect it, or by RFC 3339. */
export type TimeFormat = 'NAIVE' | 'RFC3339';

/** A time in UTC. */
export function writeDateTime(value: unknown, format: TimeFormat): string {
  const date = value instanceof Date ? value : new Date(String(value));
  const text = date.toISOString();
  return format === 'RFC3339' ? text : text.slice(0, -1);
}

/** Resolves `DateTime` of a schema whose answers have a format. */
export function dateTimeConfig(
  format: TimeFormat,
): Pick<ReturnType<GraphQLScalarType['toConfig']>, 'parseValue' | 'serialize' | 'parseLiteral'> {
  return {
    serialize: (value) => writeDateTime(value, format),
    parseValue: readDateTime,
    parseLiteral: (node) => {
      if (node.kind !== Kind.STRING) throw unreadable(undefined);
      return readDateTime(node.value);
    },
  };
}
