import type { Operation } from '#contract/operation.ts';
import type { Client } from './client.ts';
import type { TenantValue } from './tenant-rows.ts';

/** An answer that showed what belongs to another tenant. */
export interface Leak {
  operation: string;
  path: string;
  status: number;
  value: string;
}

const MAX_CANDIDATES = 40;

/** What the two tenants own. */
export interface Tenants {
  own: readonly TenantValue[];
  foreign: readonly TenantValue[];
}

/**
 * Calls every reading operation as one tenant, with identifiers of both tenants as parameters, and returns what of
 * the other tenant was in the answers. A refusal may repeat what was asked for; nothing else.
 */
export async function findLeaks(
  client: Client,
  operations: readonly Operation[],
  tenants: Tenants,
): Promise<{ leaks: Leak[]; failures: string[]; calls: number }> {
  const leaks: Leak[] = [];
  const failures: string[] = [];
  let calls = 0;
  for (const operation of operations.filter((candidate) => candidate.method === 'GET')) {
    for (const path of pathsOf(operation, tenants)) {
      const response = await client.get(path);
      calls += 1;
      // A failed call has looked at nothing.
      if (response.statusCode >= 500) failures.push(`${operation.id}: ${path}`);
      const asked = decodeURIComponent(path);
      for (const { value } of tenants.foreign) {
        const repeated = response.statusCode >= 400 && asked.includes(value);
        if (response.body.includes(value) && !repeated) {
          leaks.push({ operation: operation.id, path, status: response.statusCode, value });
        }
      }
    }
  }
  return { leaks, failures, calls };
}

/** Paths of an operation: all of the other tenant, in the own account but of the other tenant, all own. */
function pathsOf(operation: Operation, { own, foreign }: Tenants): string[] {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
  const rest = names.filter((name) => name !== 'account_name');
  const home = candidates(['account_name'], own)[0] ?? '';
  const foreignOnes = candidates(rest, foreign);
  const paths = names.length === 0 ? [operation.path] : [];
  if (names.includes('account_name')) {
    paths.push(fill(operation.path, () => candidates(['account_name'], foreign)[0] ?? ''));
    if (rest.length === 0) paths.push(fill(operation.path, () => home));
  }
  if (rest.length > 0) {
    paths.push(...foreignOnes.map((value) => fill(operation.path, (name) => (name === 'account_name' ? home : value))));
    paths.push(fill(operation.path, (name) => candidates([name], own)[0] ?? 'none'));
  }
  const base = fill(operation.path, (name) => candidates([name], own)[0] ?? 'none');
  const queries = Object.keys(operation.query?.shape ?? {}).flatMap((name) =>
    candidates([name], foreign, true).map((value) => `${base}?${name}=${encodeURIComponent(value)}`),
  );
  return [...paths, ...queries];
}

/** Values of columns called like a parameter, else of those it ends with, else all of them unless `strict`. */
function candidates(names: readonly string[], values: readonly TenantValue[], strict = false): string[] {
  const same = values.filter(({ column }) => names.includes(column));
  const alike = values.filter(({ column }) => names.some((name) => name.endsWith(`_${column}`)));
  const chosen = [same, alike].find((list) => list.length > 0) ?? (strict ? [] : values);
  return [...new Set(chosen.map(({ value }) => value))].slice(0, MAX_CANDIDATES);
}

function fill(path: string, valueFor: (name: string) => string): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(valueFor(name)));
}
