import { ActionIcon, Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { User } from '#contract/identity.ts';
import { rbacOperations } from '#contract/rbac.ts';
import { usersOperations } from '#contract/users.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { useMay } from '../session/session.ts';
import { Failure } from '../states/failure.tsx';
import classes from './access.module.css';

const REFRESHES = [usersOperations.list_users_with_roles];

/** Roles of a user, and a way to give or take them. */
export function UserRoles({ account, user }: { account: string; user: User }) {
  const { username } = user;
  const mayGive = useMay('createRoleMember');
  const mayTake = useMay('deleteRoleMember');
  const [role, setRole] = useState<string | null>(null);
  const roles = useOperation(rbacOperations.list_roles, {}, { staleMs: 600_000 });
  const give = useAction(rbacOperations.add_role_user, { refreshes: REFRESHES, onDone: () => setRole(null) });
  const take = useAction(rbacOperations.delete_role_user, { refreshes: REFRESHES });
  const held = user.unified_roles ?? [];
  const free = (roles.data ?? []).filter(
    ({ name }) => !held.some((one) => one.role_name === name && one.domain_name === account),
  );
  const about = roles.data?.find(({ name }) => name === role)?.description;
  return (
    <Stack gap="sm">
      {held.length === 0 ? (
        <Text size="sm" c="dimmed">
          None: the user may sign in and see nothing.
        </Text>
      ) : (
        <ul className={classes.lines}>
          {held.map(({ role_name: name = '', domain_name: domain = '', grant_type: grant }) => (
            <li key={`${name} ${domain} ${grant}`} className={classes.line}>
              <span>
                <b>{name}</b>{' '}
                <span className={classes.dim}>
                  in {domain}
                  {grant === 'direct' || grant === undefined ? '' : ', by a group'}
                </span>
              </span>
              {mayTake && (grant === 'direct' || grant === undefined) ? (
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={`Take the role ${name} in ${domain}`}
                  onClick={() => take.mutate({ params: { role_name: name }, query: { username, domain_name: domain } })}
                >
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {mayGive ? (
        <Group gap="xs">
          <Select
            aria-label="Role"
            placeholder="Choose a role"
            data={free.map(({ name = '' }) => name)}
            value={role}
            onChange={setRole}
            w={230}
          />
          <Button
            variant="default"
            disabled={!role}
            loading={give.isPending}
            onClick={() =>
              role ? give.mutate({ params: { role_name: role }, body: { username, domain_name: account } }) : undefined
            }
          >
            Give role
          </Button>
        </Group>
      ) : null}
      {about ? (
        <Text size="xs" c="dimmed">
          {about}
        </Text>
      ) : null}
      {(give.error ?? take.error) ? <Failure error={give.error ?? take.error} /> : null}
    </Stack>
  );
}
