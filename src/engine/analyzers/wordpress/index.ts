import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Package } from '../../model/package.ts';
import { cpeCandidates } from '../cpe.ts';
import { licensesOf } from '../licenses.ts';
import { directoryOf, fileName, locate } from '../location.ts';
import { formatPurl } from '../purl.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { HEADER_LENGTH, type PluginHeader, readPluginHeader } from './header.ts';

type Draft = Omit<Package, 'id' | 'ownedBy'>;

const LARGEST_FILE = 64 << 20;
const PLUGIN: FileReader<PluginHeader> = {
  kind: 'whole',
  limit: LARGEST_FILE,
  read: (content) => readPluginHeader(content.read(0, HEADER_LENGTH)),
};

/** The main file of a plugin lies in the plugins' directory itself or one below; `mu-plugins` are loaded always. */
const PLUGIN_FILE = /\/wp-content\/(?:mu-)?plugins\/(?:[^/]+\/)?[^/]+\.php$/;

function select(file: FileHead): FileReader<PluginHeader> | undefined {
  if (!file.path.endsWith('.php') || file.size > LARGEST_FILE) return undefined;
  return file.path.includes('plugins/') && PLUGIN_FILE.test(file.path) ? PLUGIN : undefined;
}

/** Name that the plugin has in the directory of plugins: that of its folder, or of its only file. */
function slugOf(path: string): string {
  const folder = fileName(directoryOf(path));
  return /^(mu-)?plugins$/.test(folder) ? fileName(path).replace(/\.php$/, '') : folder;
}

function plugin(image: ImageView, located: LocatedFact<PluginHeader>): Draft {
  const header = located.fact;
  const slug = slugOf(located.path);
  const pkg: Draft = {
    type: 'wordpress-plugin',
    name: header.name,
    version: header.version,
    purl: formatPurl({ type: 'generic', namespace: 'wordpress-plugin', name: slug, version: header.version }),
    cpes: [],
    licenses: licensesOf(header.license ? [header.license] : []),
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'wordpress',
    confidence: 'metadata',
    metadataType: 'wordpress-plugin-entry',
    metadata: {
      pluginInstallDirectory: slug,
      ...(header.author ? { author: header.author } : {}),
      ...(header.authorUri ? { authorUri: header.authorUri } : {}),
      ...(header.uri ? { url: header.uri } : {}),
    },
  };
  if (header.author) pkg.origin = header.author;
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

function collect(image: ImageView, facts: LocatedFact<PluginHeader>[]): Evidence {
  return { packages: facts.map((located) => plugin(image, located)) };
}

/** Plugins of WordPress. */
export const wordpressAnalyzer: Analyzer<PluginHeader> = {
  name: 'wordpress',
  version: 1,
  kind: 'packages',
  select,
  collect,
};
