import type { LightMyRequestResponse } from 'fastify';

/** What answers told of: the next requests ask for it. */
export interface Things {
  /** Keeps what the answer to a request names. `path` is without query, as it was sent. */
  learn(method: string, path: string, response: LightMyRequestResponse): void;
  /** Values for a path parameter behind `prefix` (as it will be sent), best first. */
  following(prefix: string, parameter: string): readonly string[];
  /** Values that fields of this name had, newest first. */
  called(field: string): readonly string[];
}

type Row = Readonly<Record<string, string>>;

/** Things kept per list, and values kept per field. */
const MOST = 12;
/** Rows of one answer that are looked at. */
const MOST_ROWS = 40;
const LONGEST = 300;
/** Fields by which a thing is asked for. */
const NAMING = /^(id|uuid|name|digest|key|\w+_(id|uuid|digest|key|name))$/;

/** Remembers things by the list that they stand in, and by the names of their fields. What was made counts more than what is listed. */
export function rememberThings(): Things {
  const made = new Map<string, Row[]>();
  const listed = new Map<string, Row[]>();
  const fields = new Map<string, string[]>();

  function forget(path: string): void {
    const at = path.lastIndexOf('/');
    const name = decodeURIComponent(path.slice(at + 1));
    for (const kept of [made, listed]) {
      const rows = kept.get(path.slice(0, at));
      if (rows)
        kept.set(
          path.slice(0, at),
          rows.filter((row) => !Object.values(row).includes(name)),
        );
    }
    for (const [field, values] of fields)
      fields.set(
        field,
        values.filter((value) => value !== name),
      );
  }

  return {
    learn(method, path, response) {
      if (method === 'DELETE') return forget(path);
      if (!String(response.headers['content-type']).startsWith('application/json')) return;
      const rows = rowsOf(response.json());
      for (const row of rows.toReversed())
        for (const [field, value] of Object.entries(row)) put(fields, field, value, (one) => one === value);
      const kept = method === 'GET' ? listed : made;
      for (const row of rows.slice(0, MOST).toReversed())
        put(kept, path, row, (one) => JSON.stringify(one) === JSON.stringify(row));
    },
    following(prefix, parameter) {
      const lists = [made.get(prefix), listed.get(prefix)];
      const values = lists.flatMap((rows) => (rows ?? []).flatMap((row) => nameOf(row, parameter) ?? []));
      return [...new Set([...values, ...(fields.get(parameter) ?? [])])];
    },
    called: (field) => fields.get(field) ?? [],
  };
}

function put<T>(kept: Map<string, T[]>, key: string, value: T, same: (one: T) => boolean): void {
  const others = (kept.get(key) ?? []).filter((one) => !same(one));
  kept.set(key, [value, ...others].slice(0, MOST));
}

/** The value by which a row is asked for when the parameter has this name. */
function nameOf(row: Row, parameter: string): string | undefined {
  const tail = parameter.slice(parameter.lastIndexOf('_') + 1);
  for (const field of [parameter, tail, 'uuid', 'id', 'name', 'key']) if (row[field] !== undefined) return row[field];
  return Object.entries(row).find(([field]) => NAMING.test(field))?.[1];
}

/** Objects in an answer, outer ones first, with their texts and the elements of the lists within them. */
function rowsOf(body: unknown, depth = 0): Row[] {
  if (Array.isArray(body)) {
    if (body.every((one) => typeof one === 'string')) return body.map((name: string) => ({ name }));
    return body.slice(0, MOST_ROWS).flatMap((one) => rowsOf(one, depth));
  }
  if (body === null || typeof body !== 'object' || depth > 3) return [];
  const texts = Object.entries(body).flatMap(([field, value]) =>
    (typeof value === 'string' || typeof value === 'number') && value !== '' && String(value).length < LONGEST
      ? [[field, String(value)]]
      : [],
  );
  const inner = Object.values(body).flatMap((value) =>
    value !== null && typeof value === 'object' ? rowsOf(value, depth + 1) : [],
  );
  return [...(texts.length ? [Object.fromEntries(texts) as Row] : []), ...inner];
}
