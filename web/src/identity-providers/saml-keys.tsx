import { Group, Paper, Table, Text, Title } from '@mantine/core';
import { windlassSsoOperations } from '#contract/windlass-sso.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { formatTime } from '../format/time.ts';
import { announce } from '../states/announce.ts';
import { Answer } from '../states/answer.tsx';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { Copyable } from '../states/copyable.tsx';

const operations = windlassSsoOperations;
const REFRESHES = [operations.list_saml_keys];

/** Key pairs of this server for SAML, and how to change them. */
export function SamlKeys() {
  const keys = useOperation(operations.list_saml_keys, {});
  const add = useAction(operations.add_saml_key, {
    refreshes: REFRESHES,
    onDone: () => announce('A key pair was added'),
  });
  const remove = useAction(operations.delete_saml_key, {
    refreshes: REFRESHES,
    onDone: () => announce('The key pair was removed'),
  });
  return (
    <Paper component="section" p="md" mt="md" aria-label="Keys of this server for SAML">
      <Group justify="space-between" align="flex-start" mb="xs">
        <div>
          <Title order={2} size="h4">
            Keys of this server for SAML
          </Title>
          <Text size="sm" c="dimmed">
            In the metadata of this server. To change keys: add a pair, let all providers read the metadata, remove the
            former pair.
          </Text>
        </div>
        <ConfirmButton
          label="Add key pair"
          title="Add a key pair?"
          confirm="Add key pair"
          danger={false}
          action={add}
          onConfirm={(close) => add.mutate({}, { onSuccess: close })}
        >
          Providers that read the metadata encrypt for the new pair from then on; this server signs with the former one
          until that is removed.
        </ConfirmButton>
      </Group>
      <Answer of={keys} what="Loading the keys">
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm">There is none yet: the first one is made when it is needed.</Text>
          ) : (
            <div style={{ overflowX: 'auto', position: 'relative' }}>
              <Table miw={560}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Fingerprint</Table.Th>
                    <Table.Th>Uses</Table.Th>
                    <Table.Th>Added</Table.Th>
                    <Table.Th>Ends</Table.Th>
                    <Table.Th>
                      <span className="visually-hidden">Actions</span>
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((key) => (
                    <Table.Tr key={key.id}>
                      <Table.Td>
                        <Copyable value={key.certificate} label="certificate" shown={key.fingerprint.slice(0, 23)} />
                      </Table.Td>
                      <Table.Td>{key.uses.join(', ')}</Table.Td>
                      <Table.Td>{formatTime(key.created_at)}</Table.Td>
                      <Table.Td>{formatTime(key.expires_at)}</Table.Td>
                      <Table.Td ta="right">
                        {items.length > 1 ? (
                          <ConfirmButton
                            size="xs"
                            label="Remove"
                            name={`Remove the key pair ${key.fingerprint.slice(0, 23)}`}
                            title="Remove this key pair?"
                            confirm="Remove"
                            action={remove}
                            onConfirm={(close) => remove.mutate({ params: { id: key.id } }, { onSuccess: close })}
                          >
                            Providers that still encrypt for it, or expect its signature, can no longer be used.
                          </ConfirmButton>
                        ) : null}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          )
        }
      </Answer>
    </Paper>
  );
}
