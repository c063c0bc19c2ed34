/** A value as text that is not empty and not longer than a name may be. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 500 ? value : undefined;
}

/** Takes `registry/repository[:tag][@digest]` apart; undefined when it names no registry. */
export function splitName(
  name: string | undefined,
): { registry: string; repository: string; tag?: string } | undefined {
  const match = /^(?:https?:\/\/)?([^/\s]+)\/([^:@\s]+)(?::([^@\s/]+))?(?:@\S+)?$/.exec(name ?? '');
  if (!match) return undefined;
  const [, registry = '', repository = '', tag] = match;
  return { registry, repository, ...(tag ? { tag } : {}) };
}
