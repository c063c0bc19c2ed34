import { defineTrigger, type TriggerContext } from '../../gate.ts';
import { list, oneOf, required } from '../../parameter.ts';
import { COMPATIBLE_ID_TEXT } from '../../trigger-id.ts';
import { parseDockerfile } from './dockerfile-text.ts';
import { runtimeConfig } from './image-config.ts';

/** Fires when the user that the container starts as is denied, or is not among the allowed. */
export const effectiveUser = defineTrigger({
  name: 'effective_user',
  description: 'The user that a container of the image starts as is denied or not allowed.',
  parameters: {
    users: required(list, {
      description: 'User names or ids; `user:group` is compared whole and by its user.',
      example: 'root,0',
    }),
    type: required(oneOf(['allowlist', 'denylist'], { whitelist: 'allowlist', blacklist: 'denylist' }), {
      description: 'Whether the users are the only allowed or the denied ones.',
      example: 'denylist',
    }),
  },
  *evaluate(context) {
    const found = userOf(context);
    if (!found) return;
    const { user, source } = found;
    const { users, type } = context.params;
    const listed = users.includes(user) || users.includes(user.split(':')[0]!);
    if (listed !== (type === 'denylist')) return;
    yield {
      message: `Effective user ${user} is ${listed ? 'denied' : 'not on the list of allowed users'} (${source})`,
      key: `${type}#${user}`,
      ...(listed ? { idText: COMPATIBLE_ID_TEXT.userDenied(user) } : {}),
      evidence: { user, source },
    };
  },
});

/**
 * The configured user; without configuration, the last USER of the last build stage. No user at all means root, as
 * runtimes have it.
 */
function userOf(context: TriggerContext<unknown>): { user: string; source: string } | undefined {
  const config = runtimeConfig(context.facts);
  if (config) return { user: config.user.trim() === '' ? 'root' : config.user.trim(), source: 'image configuration' };
  const dockerfile = context.read('dockerfile');
  if (!dockerfile || dockerfile.text.trim() === '') return undefined;
  const instructions = parseDockerfile(dockerfile.text);
  const stage = instructions.at(-1)?.stage ?? 0;
  const last = instructions.findLast((item) => item.name === 'USER' && item.stage === stage);
  const user = last?.text.replace(/^\[\s*"?|"?\s*\]$/g, '').trim();
  return {
    user: user === undefined || user === '' ? 'root' : user,
    source: `${dockerfile.mode.toLowerCase()} Dockerfile`,
  };
}
