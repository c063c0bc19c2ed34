import { ActionIcon, Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { EventTypeSelect } from '../events/event-type-select.tsx';
import { useMay, useSession } from '../session/session.ts';
import { Answer } from '../states/answer.tsx';
import { Failure } from '../states/failure.tsx';
import type { Kind } from './kinds.ts';
import classes from './notifications.module.css';

const LEVELS = [
  { value: '*', label: 'Errors and news' },
  { value: 'error', label: 'Errors' },
  { value: 'info', label: 'News' },
];

/** Which events a receiver is told of. */
export function Selectors({ kind, uuid }: { kind: Kind; uuid: string }) {
  const { operations } = kind;
  const mayDelete = useMay('deleteNotificationEndpointConfiguration');
  const mayAdd = useMay('createNotificationEndpointConfiguration');
  const selectors = useOperation(operations.selectors, { params: { uuid } });
  const remove = useAction(operations.removeSelector, { refreshes: [operations.selectors] });
  return (
    <Stack gap="sm">
      <Answer of={selectors}>
        {(list) =>
          list.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing: without a selector no event reaches it.
            </Text>
          ) : (
            <ul className={classes.lines}>
              {list.map(({ uuid: id = '', event, scope }) => (
                <li key={id} className={classes.line}>
                  <span>
                    <b className="mono">{event.type === '*' ? 'every event' : event.type}</b>{' '}
                    <span className={classes.dim}>
                      {LEVELS.find(({ value }) => value === event.level)?.label.toLowerCase()}
                      {event.resource_type === '*' ? '' : `, of ${event.resource_type}`}
                      {scope === 'global' ? ', of all accounts' : ''}
                    </span>
                  </span>
                  {mayDelete ? (
                    <ActionIcon
                      variant="subtle"
                      color="red"
                      aria-label={`Delete the selector ${event.type}`}
                      onClick={() => remove.mutate({ params: { configuration_uuid: uuid, selector_uuid: id } })}
                    >
                      <IconTrash size={16} aria-hidden />
                    </ActionIcon>
                  ) : null}
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      {remove.error ? <Failure error={remove.error} /> : null}
      {mayAdd ? <AddSelector kind={kind} uuid={uuid} /> : null}
    </Stack>
  );
}

function AddSelector({ kind, uuid }: { kind: Kind; uuid: string }) {
  const { is_admin } = useSession();
  const [type, setType] = useState<string>();
  const [level, setLevel] = useState<'*' | 'info' | 'error'>('*');
  const [scope, setScope] = useState<'account' | 'global'>('account');
  const add = useAction(kind.operations.addSelector, { refreshes: [kind.operations.selectors] });
  return (
    <>
      <Group gap="xs" align="flex-end">
        <EventTypeSelect label="Events" value={type} onChange={setType} />
        <Select
          label="Level"
          data={LEVELS}
          value={level}
          allowDeselect={false}
          w={160}
          onChange={(value) => setLevel((value as '*' | null) ?? '*')}
        />
        {is_admin ? (
          <Select
            label="Of"
            data={[
              { value: 'account', label: 'This account' },
              { value: 'global', label: 'All accounts' },
            ]}
            value={scope}
            allowDeselect={false}
            w={150}
            onChange={(value) => setScope((value as 'account' | null) ?? 'account')}
          />
        ) : null}
        <Button
          variant="default"
          loading={add.isPending}
          onClick={() =>
            add.mutate({ params: { uuid }, body: { scope, event: { type: type ?? '*', level, resource_type: '*' } } })
          }
        >
          Add selector
        </Button>
      </Group>
      {add.error ? <Failure error={add.error} /> : null}
    </>
  );
}
