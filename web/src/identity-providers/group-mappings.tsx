import { Button, Group, MultiSelect, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { samlOperations } from '#contract/saml.ts';
import { userGroupsOperations } from '#contract/user-groups.ts';
import { windlassSsoOperations } from '#contract/windlass-sso.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { Ago } from '../states/ago.tsx';
import { Answer } from '../states/answer.tsx';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { Failure } from '../states/failure.tsx';
import type { Provider } from './provider.ts';

const OPERATIONS = {
  saml: {
    list: samlOperations.get_idp_user_groups,
    add: samlOperations.add_idp_user_groups,
    remove: samlOperations.delete_idp_user_group,
  },
  oidc: {
    list: windlassSsoOperations.list_oidc_user_groups,
    add: windlassSsoOperations.add_oidc_user_groups,
    remove: windlassSsoOperations.delete_oidc_user_group,
  },
} as const;

/** User groups that a provider puts users into. */
export function GroupMappings({ provider }: { provider: Provider }) {
  // both kinds have the same operations at addresses of their own
  const operations = OPERATIONS[provider.kind] as (typeof OPERATIONS)['saml'];
  const params = { name: provider.settings.name };
  const mapped = useOperation(operations.list, { params });
  const groups = useOperation(userGroupsOperations.list_user_groups, {}, { staleMs: 60_000 });
  const [chosen, choose] = useState<string[]>([]);
  const add = useAction(operations.add, { refreshes: [operations.list], onDone: () => choose([]) });
  const remove = useAction(operations.remove, { refreshes: [operations.list] });
  const free = (groups.data ?? []).filter(
    ({ group_uuid }) => !mapped.data?.some(({ user_group_uuid }) => user_group_uuid === group_uuid),
  );
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        At each sign-in, a user comes into those of these groups that the provider names.
      </Text>
      <Answer of={mapped} what="Loading the groups">
        {(items) =>
          items.length === 0 ? (
            <Text size="sm">No group is mapped.</Text>
          ) : (
            <Table pos="relative">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>User group</Table.Th>
                  <Table.Th>Since</Table.Th>
                  <Table.Th>
                    <span className="visually-hidden">Actions</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map(({ user_group_uuid: uuid, user_group_name: name = uuid, mapped_on }) => (
                  <Table.Tr key={uuid}>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>{name}</Table.Td>
                    <Table.Td>
                      <Ago time={mapped_on} />
                    </Table.Td>
                    <Table.Td ta="right">
                      <ConfirmButton
                        size="xs"
                        label="Remove"
                        name={`Remove ${name}`}
                        title={`Remove ${name}?`}
                        confirm="Remove"
                        action={remove}
                        onConfirm={(close) =>
                          remove.mutate({ params, query: { user_group: [uuid] } }, { onSuccess: close })
                        }
                      >
                        Users who are in this group through the provider leave it at once.
                      </ConfirmButton>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Answer>
      <Group align="flex-end" gap="xs">
        <MultiSelect
          label="Add user groups"
          placeholder={chosen.length > 0 ? '' : free.length > 0 ? 'Choose' : 'There are no others'}
          data={free.map(({ group_uuid, name }) => ({ value: group_uuid, label: name }))}
          value={chosen}
          onChange={choose}
          searchable
          style={{ flex: '1 1 14rem' }}
        />
        <Button
          variant="default"
          disabled={chosen.length === 0}
          loading={add.isPending}
          onClick={() => add.mutate({ params, body: { user_group_uuids: chosen } })}
        >
          Add
        </Button>
      </Group>
      {add.error ? <Failure error={add.error} /> : null}
      {groups.error ? <Failure error={groups.error} /> : null}
    </Stack>
  );
}
