import { Text } from '@mantine/core';
import { usersOperations } from '#contract/users.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { useMay } from '../session/session.ts';
import { Ago } from '../states/ago.tsx';
import { Answer } from '../states/answer.tsx';
import { ConfirmButton } from '../states/confirm-button.tsx';
import classes from './access.module.css';

/** API keys of another user: they can be revoked here. */
export function UserKeys({ account, username }: { account: string; username: string }) {
  const may = useMay('updateApiKey');
  const params = { account_name: account, username };
  const keys = useOperation(usersOperations.list_user_api_keys, { params });
  const revoke = useAction(usersOperations.patch_user_api_key, { refreshes: [usersOperations.list_user_api_keys] });
  return (
    <Answer of={keys}>
      {({ items = [] }) =>
        items.length === 0 ? (
          <Text size="sm" c="dimmed">
            None.
          </Text>
        ) : (
          <ul className={classes.lines}>
            {items.map((key) => (
              <li key={key.name} className={classes.line}>
                <span>
                  <b>{key.name}</b>{' '}
                  <span className={classes.dim}>
                    {key.status}, ends <Ago time={key.expires_at} />
                  </span>
                </span>
                {may && key.status === 'active' ? (
                  <ConfirmButton
                    size="compact-xs"
                    label="Revoke"
                    name={`Revoke ${key.name}`}
                    title={`Revoke ${key.name}?`}
                    confirm="Revoke"
                    action={revoke}
                    onConfirm={(close) =>
                      revoke.mutate(
                        { params: { ...params, key_name: key.name }, body: { status: 'revoked' } },
                        { onSuccess: close },
                      )
                    }
                  >
                    It stops working at once and cannot be used again.
                  </ConfirmButton>
                ) : null}
              </li>
            ))}
          </ul>
        )
      }
    </Answer>
  );
}
