import type { FetchedBuild } from './sync-dependencies.ts';

/** Local files of sources while a build is made, by the source's name. */
export interface LocalFiles {
  database: FetchedBuild | undefined;
  get(name: string): string | undefined;
  add(name: string, file: { path: string; dispose(): Promise<void> }): void;
  setDatabase(build: FetchedBuild): void;
  dispose(): Promise<void>;
}

/** Makes an empty set; `dispose` removes what was added. */
export function localFiles(): LocalFiles {
  const paths = new Map<string, string>();
  const disposals: (() => Promise<void>)[] = [];
  const files: LocalFiles = {
    database: undefined,
    get: (name) => paths.get(name),
    add: (name, file) => {
      paths.set(name, file.path);
      disposals.push(() => file.dispose());
    },
    setDatabase: (build) => {
      files.database = build;
      disposals.push(() => build.dispose());
    },
    dispose: async () => {
      for (const dispose of disposals.splice(0)) await dispose();
    },
  };
  return files;
}
