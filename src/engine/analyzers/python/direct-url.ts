/** Where a distribution was installed from when not from an index (PEP 610). */
export interface DirectUrl {
  kind: 'direct-url';
  url: string;
  vcs?: string;
  commitId?: string;
  editable?: true;
}

/** Reads `direct_url.json`; undefined when it is not what the standard says. Credentials in the address are removed. */
export function readDirectUrl(bytes: Uint8Array): DirectUrl | undefined {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  if (typeof document !== 'object' || document === null) return undefined;
  const { url, vcs_info, dir_info } = document as Record<string, unknown>;
  if (typeof url !== 'string' || url === '') return undefined;
  const out: DirectUrl = { kind: 'direct-url', url: url.slice(0, 2048).replace(/^(\w[\w+.-]*:\/\/)[^/@]*@/, '$1') };
  if (typeof vcs_info === 'object' && vcs_info !== null) {
    const { vcs, commit_id } = vcs_info as Record<string, unknown>;
    if (typeof vcs === 'string') out.vcs = vcs.slice(0, 20);
    if (typeof commit_id === 'string') out.commitId = commit_id.slice(0, 100);
  }
  if (typeof dir_info === 'object' && dir_info !== null && (dir_info as Record<string, unknown>).editable === true) {
    out.editable = true;
  }
  return out;
}
