import { Button, Checkbox, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { repositoriesOperations } from '#contract/repositories.ts';
import { subscriptionsOperations } from '#contract/subscriptions.ts';
import { useAction } from '../api/operation-action.ts';
import { plural } from '../format/words.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { announce } from '../states/announce.ts';

/** Form that watches a repository for new tags. */
export function WatchRepositoryDialog({ onClose }: { onClose: () => void }) {
  const [repository, setRepository] = useState('');
  const [existing, setExisting] = useState(true);
  const [subscribe, setSubscribe] = useState(false);
  const add = useAction(repositoriesOperations.add_repository, {
    refreshes: [subscriptionsOperations.list_subscriptions],
    onDone: () => {
      announce(`${repository.trim()} is watched`);
      onClose();
    },
  });
  const look = useAction(repositoriesOperations.add_repository);
  const query = (dry: boolean) => ({
    query: {
      repository: repository.trim(),
      exclude_existing_tags: !existing,
      auto_subscribe: subscribe,
      dry_run: dry,
    },
  });
  const tags = tagCount(look.data?.[0]?.subscription_value);
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="Watch repository"
      submit="Watch"
      busy={add.isPending}
      error={add.error ?? look.error}
      disabled={!repository.trim()}
      extra={
        <Button
          variant="default"
          loading={look.isPending}
          disabled={!repository.trim()}
          onClick={() => look.mutate(query(true))}
        >
          Count its tags
        </Button>
      }
      onSubmit={() => add.mutate(query(false))}
    >
      <TextInput
        label="Repository"
        placeholder="registry.example.com/team/app"
        required
        data-autofocus
        value={repository}
        onChange={(event) => {
          look.reset();
          setRepository(event.currentTarget.value);
        }}
      />
      <Checkbox
        label="Analyse the tags that exist already"
        checked={existing}
        onChange={(event) => setExisting(event.currentTarget.checked)}
      />
      <Checkbox
        label="Watch each tag for new images"
        checked={subscribe}
        onChange={(event) => setSubscribe(event.currentTarget.checked)}
      />
      {tags === undefined ? null : (
        <Text size="sm" role="status">
          It has {plural(tags, 'tag')} now.
        </Text>
      )}
    </FormDialog>
  );
}

/** Number of tags in the value of a subscription; undefined when it tells none. */
function tagCount(value: string | null | undefined): number | undefined {
  if (!value) return undefined;
  try {
    const parsed = JSON.parse(value) as { tagcount?: unknown; repotags?: unknown };
    if (typeof parsed.tagcount === 'number') return parsed.tagcount;
    return Array.isArray(parsed.repotags) ? parsed.repotags.length : undefined;
  } catch {
    return undefined;
  }
}
