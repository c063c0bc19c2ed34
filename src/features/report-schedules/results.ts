import type { ObjectStore } from '#platform/objects/types.ts';

/** Kind of the job that does a run. */
export const RESULT_JOB = 'report-execute';

const ROOT = 'report-results';

/** Where an attempt of a run keeps its objects: attempts that overlap do not disturb each other. */
export function resultPrefix(uuid: string, attempt: number): string {
  return `${ROOT}/${uuid}/${attempt}`;
}

/** Removes all objects of a run, those of attempts that were lost among them; of all but one attempt when that is named. */
export async function deleteResult(objects: ObjectStore, uuid: string, except?: string): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of objects.list(`${ROOT}/${uuid}/`)) keys.push(key);
  for (const key of keys) if (except === undefined || !key.startsWith(`${except}/`)) await objects.delete(key);
}

/** Ids of all runs that have objects, some at a time. */
export async function* storedResults(objects: ObjectStore): AsyncGenerator<string[]> {
  let batch = new Set<string>();
  for await (const { key } of objects.list(`${ROOT}/`)) {
    const uuid = key.split('/')[1];
    if (uuid !== undefined) batch.add(uuid);
    if (batch.size < 500) continue;
    yield [...batch];
    batch = new Set();
  }
  yield [...batch];
}
