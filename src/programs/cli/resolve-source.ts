import type { Client } from '#client/index.ts';
import type { Source } from '#contract/applications-schemas.ts';
import { sourcesOperations } from '#contract/sources.ts';
import { CliFailure } from './failure.ts';

/** The source that a text names: its uuid, or `host/repository@revision`. Throws CliFailure or ApiError. */
export async function resolveSource(client: Client, name: string): Promise<Source & { uuid: string }> {
  const { items = [] } = await client.call(sourcesOperations.list_sources);
  const source = items.find((one) => one.uuid === name.toLowerCase() || sourceName(one) === name);
  if (source?.uuid) return { ...source, uuid: source.uuid };
  throw new CliFailure(`source not found: ${name}`, {
    hint: 'Name it by its uuid or as HOST/REPOSITORY@REVISION; see windlass source list.',
  });
}

/** `host/repository@revision` */
export function sourceName(source: Pick<Source, 'host' | 'repository_name' | 'revision'>): string {
  return `${source.host}/${source.repository_name}@${source.revision}`;
}
