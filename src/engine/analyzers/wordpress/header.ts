/** Fields of the comment at the top of a plugin's main file. */
export interface PluginHeader {
  name: string;
  version: string;
  author?: string;
  authorUri?: string;
  uri?: string;
  license?: string;
}

/** WordPress itself reads no further. */
export const HEADER_LENGTH = 8192;

/** Reads the header that WordPress reads ("Plugin Handbook", "Header Requirements"); undefined without name or version. */
export function readPluginHeader(bytes: Uint8Array): PluginHeader | undefined {
  const text = new TextDecoder().decode(bytes.subarray(0, HEADER_LENGTH)).replaceAll('\r', '\n');
  const field = (label: string): string | undefined => {
    const found = new RegExp(`^(?:[ \\t]*<\\?php)?[ \\t/*#@]*${label}:(.*)$`, 'im').exec(text)?.[1];
    const value = found?.replace(/\s*(?:\*\/|\?>).*/, '').trim();
    return value === undefined || value === '' ? undefined : value.slice(0, 500);
  };
  const name = field('Plugin Name');
  const version = field('Version');
  if (name === undefined || version === undefined) return undefined;
  const author = field('Author');
  const authorUri = field('Author URI');
  const uri = field('Plugin URI');
  const license = field('License');
  return {
    name,
    version,
    ...(author ? { author: author.replace(/<[^>]*>/g, '') } : {}),
    ...(authorUri ? { authorUri } : {}),
    ...(uri ? { uri } : {}),
    ...(license ? { license } : {}),
  };
}
