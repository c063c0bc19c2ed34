import { isIP } from 'node:net';
import { inNetwork } from './outbound-addresses.ts';

/** Proxy settings as operators write them: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`. */
export interface ProxySettings {
  https?: string;
  http?: string;
  /** Comma-separated hosts, domain suffixes, networks or `*` that are reached directly. */
  no?: string;
}

/** Reads the settings from the environment; lower-case names win, as is custom. */
export function proxyFromEnvironment(env: Record<string, string | undefined>): ProxySettings {
  const https = env.https_proxy || env.HTTPS_PROXY || env.all_proxy || env.ALL_PROXY;
  // upper-case HTTP_PROXY can be set by a request header in CGI programs; this is none
  const http = env.http_proxy || env.HTTP_PROXY || env.all_proxy || env.ALL_PROXY;
  const no = env.no_proxy || env.NO_PROXY;
  return { ...(https ? { https } : {}), ...(http ? { http } : {}), ...(no ? { no } : {}) };
}

/** The proxy for a URL, or undefined when it is reached directly. */
export function proxyFor(url: URL, settings: ProxySettings): string | undefined {
  const proxy = url.protocol === 'https:' ? settings.https : settings.http;
  if (!proxy) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || /^127\./.test(host) || host === '::1') return undefined;
  const entries = (settings.no ?? '').split(/[\s,]+/).filter(Boolean);
  if (entries.some((entry) => matches(entry.toLowerCase(), host, portOf(url)))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (isIP(host)) {
    const network = /^[\d.:a-f/]+$/.test(entry) && isIP(entry.split('/')[0]!) ? entry : undefined;
    return network ? inNetwork(network, host) : entry === host || entry === `${host}:${port}`;
  }
  const [, name = '', entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry)!;
  if (entryPort && entryPort !== port) return false;
  const suffix = name.replace(/^\*?\./, '');
  return suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`));
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80');
}
