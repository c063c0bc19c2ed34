import { defineTrigger, type TriggerContext } from '../../gate.ts';
import { defaulted, flag, integerList, oneOf, type ParameterValues, required } from '../../parameter.ts';
import { COMPATIBLE_ID_TEXT } from '../../trigger-id.ts';
import { parseDockerfile } from './dockerfile-text.ts';
import { runtimeConfig } from './image-config.ts';

const parameters = {
  ports: required(integerList, { description: 'Port numbers; 0 in a denylist means any port.', example: '22,23' }),
  type: required(oneOf(['allowlist', 'denylist'], { whitelist: 'allowlist', blacklist: 'denylist' }), {
    description: 'Whether the ports are the only allowed or the denied ones.',
    example: 'denylist',
  }),
  actual_dockerfile_only: defaulted(flag, 'false', {
    description: 'Only look at a Dockerfile that was uploaded with the image.',
    example: 'true',
  }),
};

/** Fires once per exposed port that is denied or not allowed. */
export const exposedPorts = defineTrigger({
  name: 'exposed_ports',
  description: 'The image exposes a port that is denied or not allowed.',
  parameters,
  *evaluate(context) {
    const { ports, type } = context.params;
    const any = type === 'denylist' && ports.includes(0);
    for (const port of portsOf(context)) {
      const [number, protocol] = port.split('/');
      const listed = any || (ports.includes(Number(number)) && (protocol === 'tcp' || protocol === 'udp'));
      if (listed !== (type === 'denylist')) continue;
      yield {
        message: `The image exposes port ${port}, which is ${listed ? 'denied' : 'not on the list of allowed ports'}`,
        key: `${type}#${port}`,
        ...(listed ? { idText: COMPATIBLE_ID_TEXT.portDenied(port) } : {}),
        evidence: { port },
      };
    }
  },
});

/** `port/protocol`, each once. An uploaded Dockerfile adds to the configuration, which already has inherited ports. */
function portsOf(context: TriggerContext<ParameterValues<typeof parameters>>): string[] {
  const { facts, params } = context;
  const fact = facts.dockerfile;
  const dockerfile = fact.state === 'present' ? fact.value : undefined;
  const actual = dockerfile?.mode === 'Actual';
  if (params.actual_dockerfile_only && !actual) return [];
  const config = params.actual_dockerfile_only ? undefined : runtimeConfig(facts);
  if (!config && !dockerfile) context.read('dockerfile');
  const useText = dockerfile !== undefined && (actual || !config);
  const tokens = [...(config?.exposedPorts ?? []), ...(useText ? exposeTokens(dockerfile.text) : [])];
  return [...new Set(tokens.flatMap(expand))];
}

/** Words of the EXPOSE instructions of the last stage. */
function exposeTokens(text: string): string[] {
  const instructions = parseDockerfile(text);
  const stage = instructions.at(-1)?.stage ?? 0;
  return instructions
    .filter((item) => item.name === 'EXPOSE' && item.stage === stage)
    .flatMap((item) => item.text.replace(/^map\[|\]$/g, '').split(/\s+/))
    .map((word) => word.replace(/:\{\}$/, ''))
    .filter((word) => word !== '');
}

/** `8000-8002/udp` names three ports; a missing protocol is tcp. Variables and other text stay as they are. */
function expand(token: string): string[] {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/([A-Za-z]+))?$/.exec(token);
  if (!match) return [token];
  const first = Number(match[1]);
  const last = Math.min(match[2] === undefined ? first : Number(match[2]), 65_535);
  const protocol = (match[3] ?? 'tcp').toLowerCase();
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => `${first + index}/${protocol}`);
}
