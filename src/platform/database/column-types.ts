import pg from 'pg';

const INT8 = 20;
const DATE = 1082;

/**
 * How column values become JavaScript values: bigint as number (as bigint beyond 2^53), date as `YYYY-MM-DD` text,
 * timestamptz as Date, numeric as text, json as parsed. For the `types` option of a client.
 */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary') {
      if (oid === INT8) return parseInteger;
      if (oid === DATE) return (text: string) => text;
    }
    return pg.types.getTypeParser(oid, format);
  }) as pg.CustomTypesConfig['getTypeParser'],
};

function parseInteger(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}
