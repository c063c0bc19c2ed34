import type { PolicyFacts } from '../../types.ts';

/**
 * The part of the OCI image configuration that corresponds to Dockerfile instructions. It is what a runtime obeys,
 * inherited values included; undefined when the image has no configuration.
 */
export interface RuntimeConfig {
  /** As written; empty means root. */
  user: string;
  /** `port/protocol`. */
  exposedPorts: string[];
  /** Instruction text by instruction name, for those that the configuration holds. */
  instructions: Map<string, string[]>;
}

/** Reads the configuration; members of wrong type are treated as absent. */
export function runtimeConfig(facts: PolicyFacts): RuntimeConfig | undefined {
  const { config } = facts.image;
  if (Object.keys(config).length === 0) return undefined;
  const instructions = new Map<string, string[]>();
  function add(name: string, texts: string[]): void {
    if (texts.length > 0) instructions.set(name, texts);
  }
  const user = typeof config.User === 'string' ? config.User : '';
  const exposedPorts = keys(config.ExposedPorts);
  add('USER', user === '' ? [] : [user]);
  add('EXPOSE', exposedPorts);
  add('ENV', strings(config.Env));
  add('VOLUME', keys(config.Volumes));
  add('LABEL', labels(config.Labels));
  add('ENTRYPOINT', command(config.Entrypoint));
  add('CMD', command(config.Cmd));
  add('SHELL', command(config.Shell));
  add('ONBUILD', strings(config.OnBuild));
  add('WORKDIR', typeof config.WorkingDir === 'string' && config.WorkingDir !== '' ? [config.WorkingDir] : []);
  add('STOPSIGNAL', typeof config.StopSignal === 'string' && config.StopSignal !== '' ? [config.StopSignal] : []);
  add('HEALTHCHECK', healthcheck(config.Healthcheck));
  return { user, exposedPorts, instructions };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function keys(value: unknown): string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

function labels(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([name, text]) => `${name}=${String(text)}`);
}

function command(value: unknown): string[] {
  const words = strings(value);
  return words.length === 0 ? [] : [JSON.stringify(words)];
}

/** `["NONE"]` switches off an inherited check; it is the instruction `HEALTHCHECK NONE`. */
function healthcheck(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || !('Test' in value)) return [];
  const test = strings(value.Test);
  if (test.length === 0) return [];
  if (test[0] === 'NONE') return ['NONE'];
  return [test[0] === 'CMD-SHELL' ? `CMD ${test.slice(1).join(' ')}` : `CMD ${JSON.stringify(test.slice(1))}`];
}
