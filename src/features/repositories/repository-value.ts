import { z } from 'zod';

const RepositoryValue = z.object({
  /** Tags that are found get a `tag_update` subscription that is active. */
  autosubscribe: z.boolean().catch(false),
  /** Tag that was named when the repository was added. */
  lookuptag: z.string().nullable().catch(null),
  /** Tags that are known: whatever else appears is new. */
  repotags: z.array(z.string()).catch([]),
  tagcount: z.int().catch(0),
});
/** What the value of a `repo_update` subscription holds, as JSON text. */
export type RepositoryValue = z.output<typeof RepositoryValue>;

/** Reads the value of a `repo_update` subscription. Clients may write anything there: what cannot be used counts as absent. */
export function repositoryValue(text: string | null): RepositoryValue {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '{}');
  } catch {
    value = {};
  }
  return RepositoryValue.catch({ autosubscribe: false, lookuptag: null, repotags: [], tagcount: 0 }).parse(value);
}
