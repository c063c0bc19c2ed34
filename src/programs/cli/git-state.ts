import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** What a git work tree says of itself; parts that it does not tell are absent. */
export interface GitState {
  /** Host and path of the remote `origin`: `git.example.com`, `team/web`. */
  host?: string;
  repository?: string;
  /** Full commit id. */
  revision?: string;
  branch?: string;
}

/** Reads the files of a git folder (gitrepository-layout). Nothing is run; a folder without git gives nothing. */
export async function gitState(folder: string): Promise<GitState> {
  const directory = await gitDirectory(folder);
  if (directory === undefined) return {};
  const head = (await text(join(directory, 'HEAD')))?.trim() ?? '';
  const ref = /^ref: (refs\/\S+)$/.exec(head)?.[1];
  // A further work tree keeps its branches and settings where the first one does.
  const shared = resolve(directory, (await text(join(directory, 'commondir')))?.trim() ?? '.');
  const revision = ref === undefined ? commit(head) : await commitOf(shared, ref);
  const branch = ref?.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
  return {
    ...remote((await text(join(shared, 'config'))) ?? ''),
    ...(revision ? { revision } : {}),
    ...(branch ? { branch } : {}),
  };
}

async function gitDirectory(folder: string): Promise<string | undefined> {
  const path = join(folder, '.git');
  if ((await text(join(path, 'HEAD'))) !== undefined) return path;
  const link = /^gitdir: (.+)$/m.exec((await text(path)) ?? '')?.[1];
  return link === undefined ? undefined : resolve(folder, link);
}

async function commitOf(directory: string, ref: string): Promise<string | undefined> {
  const loose = commit((await text(join(directory, ref)))?.trim());
  if (loose !== undefined) return loose;
  const packed = (await text(join(directory, 'packed-refs'))) ?? '';
  const line = packed.split('\n').find((entry) => entry.endsWith(` ${ref}`));
  return commit(line?.split(' ')[0]);
}

function commit(value: string | undefined): string | undefined {
  return value !== undefined && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(value) ? value : undefined;
}

/** Host and path of `origin`, from `https://host/path.git`, `ssh://git@host:22/path` or `git@host:path.git`. */
function remote(config: string): Pick<GitState, 'host' | 'repository'> {
  const section = /^\[remote "origin"\]$([\s\S]*?)(?=^\[|$(?![\s\S]))/m.exec(config)?.[1];
  const url = /^\s*url\s*=\s*(\S+)\s*$/m.exec(section ?? '')?.[1] ?? '';
  const found =
    /^[a-z+]+:\/\/(?:[^/@]*@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(url) ?? /^(?:[^/@]+@)?([^/:]+):(?!\/\/)(.+)$/.exec(url);
  const [, host, path] = found ?? [];
  if (!host || !path) return {};
  return { host, repository: path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '') };
}

async function text(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
