import { Paper, Select, Stack, Switch, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { subscriptionsOperations } from '#contract/subscriptions.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { useMay } from '../session/session.ts';
import { announceError } from '../states/announce.ts';
import { Answer } from '../states/answer.tsx';
import { SUBSCRIPTION_TYPES, TAG_TYPES } from './subscription-types.ts';

const READS = [subscriptionsOperations.list_subscriptions];

/** What the tags of an image are watched for. Nothing is shown for an image without a tag. */
export function TagSubscriptions({ tags }: { tags: string[] }) {
  const [chosen, setChosen] = useState<string>();
  const tag = chosen && tags.includes(chosen) ? chosen : tags[0];
  const may = useMay('listSubscriptions');
  if (!tag || !may) return null;
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Watch
      </Title>
      {tags.length > 1 ? (
        <Select
          aria-label="Tag"
          data={tags}
          value={tag}
          allowDeselect={false}
          onChange={(value) => setChosen(value ?? undefined)}
          mb="sm"
        />
      ) : null}
      <Switches key={tag} tag={tag} />
    </Paper>
  );
}

function Switches({ tag }: { tag: string }) {
  const mayAdd = useMay('createSubscription');
  const mayChange = useMay('updateSubscription');
  const list = useOperation(subscriptionsOperations.list_subscriptions, { query: { subscription_key: tag } });
  const add = useAction(subscriptionsOperations.add_subscription, { refreshes: READS });
  const update = useAction(subscriptionsOperations.update_subscription, { refreshes: READS });
  // what was asked for is shown at once, until the server has answered
  const [wanted, setWanted] = useState<Record<string, boolean>>({});

  function set(type: string, id: string | undefined, active: boolean): void {
    setWanted((before) => ({ ...before, [type]: active }));
    const done = id
      ? update.mutateAsync({ params: { subscription_id: id }, body: { active } })
      : add.mutateAsync({ body: { subscription_type: type, subscription_key: tag, active } });
    done.catch(announceError).finally(() => setWanted(({ [type]: _, ...others }) => others));
  }

  return (
    <Answer of={list}>
      {(known) => (
        <Stack gap="sm">
          {TAG_TYPES.map((type) => {
            const row = known.find((one) => one.subscription_type === type && one.subscription_key === tag);
            return (
              <Switch
                key={type}
                label={SUBSCRIPTION_TYPES[type].name}
                description={SUBSCRIPTION_TYPES[type].about}
                checked={wanted[type] ?? row?.active === true}
                disabled={row ? !mayChange : !mayAdd}
                onChange={(event) => set(type, row?.subscription_id, event.currentTarget.checked)}
              />
            );
          })}
          <Text size="xs" c="dimmed">
            Changes are events; receivers under Notifications are told of those they choose.
          </Text>
        </Stack>
      )}
    </Answer>
  );
}
